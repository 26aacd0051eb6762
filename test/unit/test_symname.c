/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/symname.c: GHC's labels as the source's names, others untouched. */
#include "config.h"

#include "check.h"
#include "symname.h"

static const struct {
	const char *symbol, *want;
} names[] = {
    {"base_SystemziPosixziProcess_forkProcess1_info",
     "System.Posix.Process.forkProcess1"},
    {"unixzm2zi7zi2zi2_SystemziPosixziProcessziCommon_forkProcess1_closure",
     "System.Posix.Process.Common.forkProcess1"},
    {"Main_main_info", "Main.main"},
    {"ZCMain_main_closure", ":Main.main"},
    {"ghczmprim_GHCziTypes_Izh_con_info", "GHC.Types.I#"},
    {"ghczmprim_GHCziTuple_Z2T_con_info", "GHC.Tuple.(,)"},
    {"ghczmprim_GHCziTuple_Z0T_closure", "GHC.Tuple.()"},
    {"ghczmprim_GHCziPrim_Z3H_con_info", "GHC.Prim.(#,,#)"},
    {"base_GHCziBase_zpzp_info", "GHC.Base.++"},
    {"base_GHCziInt_zdfShowInt32zuzdcshow_info", "GHC.Int.$fShowInt32_$cshow"},
    {"base_GHCziFloat_zdwzdcshow_info", "GHC.Float.$w$cshow"},
    {"Main_zdtrModule4_bytes", "Main.$trModule4"},
    {"Main_lvl1_r4xY_closure", "Main.lvl1"},
    {"Main_z0e9t0e9zq_info", NULL},
    {"Main_ze9Ut_info", "Main.=9Ut"},
    {"Main_z0e9U_info", "Main.\xc3\xa9"},
    {"Main_z3b1U_info", "Main.\xce\xb1"},
    {"Main_z1d54aU_info", "Main.\xf0\x9d\x95\x8a"},
    {"Main_z110000U_info", NULL},
    {"Main_z0d800U_info", NULL},
    {"Main_z12345678U_info", NULL},
    {"Main_zzZZ_info", "Main.zZ"},
    {"Main_Z9999999999999999999999T_info", NULL},
    {"Main_z_info", NULL},
    {"Main_main_frob", NULL},
    {"stg_ap_p_info", NULL},
    {"stg_upd_frame_info", NULL},
    {"hs_main", NULL},
    {"main", NULL},
    {"_start", NULL},
    {"", NULL},
    {"___", NULL},
    {"A_", NULL},
    {"halvm_syscall_read", NULL},
    {"foo.part.0", NULL},
};

int main(void)
{
	char *got, *word, *longest;
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		got = symname_pretty(names[i].symbol);
		check_str(got, names[i].want ? names[i].want : names[i].symbol,
			  names[i].symbol);
		check(symname_is_haskell(names[i].symbol) ==
			  (names[i].want != NULL),
		      "it is told apart");
		free(got);
	}
	word = symname_zdecode("");
	check(!word, "an empty word is none");
	word = symname_zdecode("a-b");
	check(!word, "a sign must be encoded");
	/* The worst growth: each Z64H becomes 67 bytes. */
	longest = calloc(4096 + 1, 1);
	for (i = 0; i < 4096; i += 4)
		memcpy(longest + i, "Z64H", 4);
	word = symname_zdecode(longest);
	check(word && strlen(word) == 1024 * 67, "a long word of tuples");
	free(word);
	free(longest);
	return check_done();
}
