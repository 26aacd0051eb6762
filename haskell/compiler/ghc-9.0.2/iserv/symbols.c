/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a dynamic linker would answer, for a static program: dlopen(NULL) is
 * the program, and dlsym() finds each function and variable of the libraries
 * that are inside by binary search in a table made by symbols.awk. Other
 * shared objects can't be loaded; the libraries inside can be "opened" by
 * their names, so that `extra-libraries: m` does no harm.
 *
 * GHC's linker asks here for all names that code which it loads leaves
 * undefined. The functions have the names under which musl's own dynamic
 * linker would define them: they take the place of libc's stubs, and dlsym(),
 * dlclose() and dlerror() stay as they are.
 *
 * Variables of a thread (TLS) are not in the table: they have no one address,
 * and GHC's linker can't relocate what refers to them.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <string.h>

/* Sorted by the names, as strcmp() compares. The image is below 4 GiB. */
struct symbol {
	uint32_t name; /* offset in halvm_symbol_names */
	uint32_t address;
};

extern const struct symbol halvm_symbols[];
extern const uint32_t halvm_symbol_count;
extern const char halvm_symbol_names[];
/* Archives, as paths below the sysroot, up to an empty string. */
extern const char halvm_built_in[];

/* musl's, internal. */
void __dl_seterr(const char *fmt, ...);
void *__dlsym(void *restrict, const char *restrict, void *restrict);
int __dl_invalid_handle(void *);

static char program; /* its address is the only valid handle */

/*
 * Whether `file` is libX.so or libX.so.N of some built-in lib/libX.a, in
 * whatever folder: GHC looks for shared objects first, and with LIBRARY_PATH
 * set finds the host's.
 */
static int is_built_in(const char *file)
{
	const char *slash = strrchr(file, '/'), *so, *p;
	size_t n;

	if (slash)
		file = slash + 1;
	so = strstr(file, ".so");
	if (!so || (so[3] && so[3] != '.'))
		return 0;
	n = (size_t)(so - file);
	for (p = halvm_built_in; *p; p += strlen(p) + 1)
		if (strncmp(p, "lib/", 4) == 0 &&
		    strncmp(p + 4, file, n) == 0 &&
		    strcmp(p + 4 + n, ".a") == 0)
			return 1;
	return 0;
}

void *dlopen(const char *file, int mode)
{
	(void)mode;
	if (!file || is_built_in(file))
		return &program;
	__dl_seterr("%s: halvm's interpreter is a static program, it can't "
		    "load shared libraries: install a static one (.a)",
		    file);
	return NULL;
}

int __dl_invalid_handle(void *handle)
{
	if (handle == &program)
		return 0;
	__dl_seterr("Invalid library handle %p", handle);
	return 1;
}

void *__dlsym(void *restrict handle, const char *restrict name,
	      void *restrict caller)
{
	uint32_t low = 0, high = halvm_symbol_count;

	(void)caller;
	if (handle != RTLD_DEFAULT && handle != RTLD_NEXT &&
	    __dl_invalid_handle(handle))
		return NULL;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const struct symbol *s = &halvm_symbols[mid];
		int order = strcmp(name, halvm_symbol_names + s->name);

		if (order == 0)
			return (void *)(uintptr_t)s->address;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	__dl_seterr("Symbol not found: %s", name);
	return NULL;
}
