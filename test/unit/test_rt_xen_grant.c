/* SPDX-License-Identifier: BSD-3-Clause */
/* dev/xen/grant.c, grant_map.c: no page and no reference is ever lost. */
#include "check.h"
#include "xen_machine.h"
#include "core/pages.h"
#include "dev/xen/grant.h"
#include "random.h"

#define ARENA (XEN_PAGES * PAGE_SIZE)
#define GRANTS 1500

static struct xen_grant_counts counts;

static bool counts_are(unsigned granted, unsigned deferred)
{
	xen_grant_count(&counts);
	return counts.granted == granted && counts.deferred == deferred &&
	       counts.free + granted + deferred == counts.references;
}

static phys_t new_page(void)
{
	return pages_alloc(0, PAGES_ZERO);
}

/* A page that the allocator gives out is RAM and granted to nobody. */
static bool page_is_ours(phys_t page)
{
	return xen.pages[page / PAGE_SIZE] == XEN_RAM;
}

static void test_access(void)
{
	size_t start = pages_available();
	phys_t page = new_page();
	grant_ref_t ref, other;
	char *seen;

	xen.frames_max = 3;
	check(counts_are(0, 0) && counts.references == 0, "none at first");
	check(xen_grant_access(XEN_PEER, page, false, &ref) == 0 &&
		  ref >= GNTTAB_NR_RESERVED_ENTRIES,
	      "a page is granted");
	seen = xen_peer_map(ref, true);
	check(seen == phys_to_virt(page), "the peer maps that page");
	check(xen_grant_revoke(ref) == -EBUSY && counts_are(1, 0),
	      "not revoked while it is mapped");
	xen_peer_unmap(ref);
	check(xen_grant_revoke(ref) == 0 && counts_are(0, 0), "revoked");
	check(!xen_peer_map(ref, false), "the peer can't map it any more");
	check(xen_grant_revoke(ref) == -EINVAL, "nor is it revoked twice");
	check(xen_grant_revoke(1) == -EINVAL &&
		  xen_grant_revoke(0xffffffff) == -EINVAL,
	      "nor what never was granted");
	check(xen_grant_access(XEN_PEER, page, true, &other) == 0,
	      "granted for reading");
	check(!xen_peer_map(other, true) && xen_peer_map(other, false),
	      "is mapped for reading only");
	xen_peer_unmap(other);
	xen_grant_release(other);
	check(counts_are(0, 0) && pages_available() == start - 1,
	      "released: the page is free; one is the table's");
	check(xen_grant_access(XEN_PEER, 1UL << 45, true, &ref) == -EINVAL,
	      "a page beyond the entries' reach");
}

static void test_deferred(void)
{
	size_t start = pages_available();
	phys_t page = new_page(), second = new_page();
	grant_ref_t ref, ref2;

	xen_grant_access(XEN_PEER, page, false, &ref);
	xen_grant_access(XEN_PEER, second, false, &ref2);
	xen_peer_map(ref, true);
	xen_peer_map(ref2, true);
	xen_grant_release(ref);
	xen_grant_release(ref2);
	check(counts_are(0, 2) && pages_available() == start - 2,
	      "released while mapped: reference and page wait");
	check(xen_grant_revoke(ref) == -EINVAL, "it isn't ours to revoke");
	xen_grant_release(ref);
	check(counts_are(0, 2), "nor to release again");
	xen_peer_unmap(ref);
	xen_grant_reserve(1);
	check(counts_are(0, 1) && pages_available() == start - 1,
	      "unmapped: found at the next call");
	xen_peer_unmap(ref2);
	xen_grant_reserve(1);
	check(counts_are(0, 0) && pages_available() == start, "all free");
}

/* More than a frame, up to the maximum, then as many as were free. */
static void test_growth(void)
{
	static grant_ref_t refs[4 * XEN_PER_FRAME];
	static bool seen[4 * XEN_PER_FRAME];
	phys_t page = new_page();
	unsigned n = 0;
	bool once = true;
	int error;

	while (!(error = xen_grant_access(XEN_PEER, page, true, &refs[n]))) {
		once = once && !seen[refs[n]];
		seen[refs[n++]] = true;
	}
	check(error == -ENOSPC &&
		  n == 3 * XEN_PER_FRAME - GNTTAB_NR_RESERVED_ENTRIES && once,
	      "as many references as Xen has, each once");
	check(xen_grant_access_reserved(XEN_PEER, page, true, &refs[n]) ==
		  -ENOSPC,
	      "nor is one reserved");
	check(counts_are(n, 0), "all are granted");
	while (n)
		xen_grant_revoke(refs[--n]);
	check(counts_are(0, 0), "all are free again");
	check(xen_grant_reserve(100) == 0 && xen_grant_reserve(5000) == -ENOSPC,
	      "reserving says whether there are so many");
	pages_free(page, 0);
}

static void test_copy(void)
{
	phys_t page = new_page();
	struct gnttab_copy ops[130];

	for (unsigned i = 0; i < 130; i++) {
		ops[i] = (struct gnttab_copy){
		    .source = {.u.ref = 1,
			       .domid = XEN_PEER,
			       .offset = (uint16_t)(i * 8)},
		    .dest = {.u.gmfn = page / PAGE_SIZE,
			     .domid = DOMID_SELF,
			     .offset = (uint16_t)(i * 8)},
		    .len = 8,
		    .flags = GNTCOPY_source_gref,
		};
	}
	memset(xen.remote[1], 'x', PAGE_SIZE);
	check(xen_grant_copy(ops, 130) == 0, "130 pieces are copied");
	check(memcmp(phys_to_virt(page), xen.remote[1], 130 * 8) == 0,
	      "and are there");
	ops[70].source.u.ref = 50;
	ops[90].len = PAGE_SIZE;
	check(xen_grant_copy(ops, 130) == -EINVAL &&
		  ops[70].status == GNTST_bad_gntref &&
		  ops[90].status == GNTST_bad_copy_arg &&
		  ops[129].status == GNTST_okay,
	      "each one's error is its own");
	xen.remote_readonly[2] = true;
	ops[0] = (struct gnttab_copy){
	    .source = {.u.gmfn = page / PAGE_SIZE, .domid = DOMID_SELF},
	    .dest = {.u.ref = 2, .domid = XEN_PEER},
	    .len = 8,
	    .flags = GNTCOPY_dest_gref,
	};
	check(xen_grant_copy(ops, 1) == -EPERM, "not to what is read-only");
	pages_free(page, 0);
}

static void test_map(void)
{
	size_t start = pages_available();
	struct xen_grant_map *m;
	int error;

	strcpy(xen.remote[0], "theirs");
	m = xen_grant_map(XEN_PEER, 0, false, &error);
	check(m && strcmp(phys_to_virt(m->page), "theirs") == 0,
	      "a peer's page is mapped");
	strcpy(phys_to_virt(m->page), "ours");
	check(counts_are(0, 0) && counts.mapped == 1, "and counted");
	check(xen_grant_suspend() == -EBUSY, "no suspend meanwhile");
	xen_grant_unmap(m);
	check(strcmp(xen.remote[0], "ours") == 0 && xen_grant_suspend() == 0,
	      "unmapped");
	check(pages_available() == start, "our RAM is back");
	m = xen_grant_map(XEN_PEER, 2, false, &error);
	check(!m && error == -EPERM, "not writable if it is read-only");
	m = xen_grant_map(XEN_PEER, 99, false, &error);
	check(!m && error == -EAGAIN, "paged out: again");
	m = xen_grant_map(3, 0, false, &error);
	check(!m && error == -EINVAL && pages_available() == start,
	      "another domain's isn't");
}

static void test_holes(void)
{
	size_t start = pages_available();
	struct xen_grant_map *m;
	phys_t hole;
	int error;

	m = xen_grant_map(XEN_PEER, 0, true, &error);
	hole = m->page;
	xen.no_memory = true;
	xen_grant_unmap(m);
	xen_grant_count(&counts);
	check(counts.holes == 1 && counts.mapped == 0 &&
		  pages_available() == start - 1,
	      "Xen has no RAM for us: a hole stays");
	m = xen_grant_map(XEN_PEER, 1, true, &error);
	check(m && m->page == hole, "and is used for the next page");
	xen.no_memory = false;
	xen_grant_unmap(m);
	xen_grant_count(&counts);
	check(counts.holes == 0 && pages_available() == start,
	      "until there is RAM again");
	host_heap_limit = 0;
	m = xen_grant_map(XEN_PEER, 1, true, &error);
	check(!m && error == -ENOMEM && pages_available() == start,
	      "no memory for the record");
	host_heap_limit = -1;
}

/* Grants, releases and the peer's mappings at random. */
static void test_random(void)
{
	static struct {
		grant_ref_t ref;
		bool granted, mapped;
	} g[64];
	size_t start = pages_available();
	bool good = true;

	for (unsigned i = 0; i < 20000 && good; i++) {
		unsigned k = random_below(64);

		if (!g[k].granted && !g[k].mapped) {
			phys_t page = new_page();

			good = page && page_is_ours(page) &&
			       xen_grant_access(XEN_PEER, page, false,
						&g[k].ref) == 0;
			g[k].granted = true;
		} else if (g[k].granted && !g[k].mapped && i % 2) {
			good = xen_peer_map(g[k].ref, true) != NULL;
			g[k].mapped = true;
		} else if (g[k].mapped && i % 3) {
			xen_peer_unmap(g[k].ref);
			g[k].mapped = false;
		} else if (g[k].granted) {
			xen_grant_release(g[k].ref);
			g[k].granted = false;
		}
	}
	for (unsigned k = 0; k < 64; k++) {
		if (g[k].mapped)
			xen_peer_unmap(g[k].ref);
		if (g[k].granted)
			xen_grant_release(g[k].ref);
	}
	xen_grant_reserve(1);
	check(good && counts_are(0, 0) && pages_available() == start,
	      "after 20000 random steps all is back");
}

static void test_resume(void)
{
	phys_t page = new_page();
	grant_ref_t ref;

	xen_grant_access(XEN_PEER, page, false, &ref);
	check(xen_grant_suspend() == 0, "grants don't hinder a suspend");
	xen_new_domain();
	xen_grant_resume();
	check(xen.frame[0] && xen.frame[2], "the table is placed anew");
	check(!xen_peer_map(ref, false), "and grants nothing");
	check(xen_grant_revoke(ref) == 0 && counts_are(0, 0),
	      "what was granted can be revoked");
	check(xen_grant_access(XEN_PEER, page, false, &ref) == 0 &&
		  xen_peer_map(ref, false),
	      "and granted");
	xen_peer_unmap(ref);
	xen_grant_release(ref);
}

/* In a program of its own: the table is empty at first. */
static void no_table(void *unused)
{
	phys_t page = new_page();
	grant_ref_t ref;

	(void)unused;
	xen.frames_max = 3;
	host_heap_limit = 0;
	if (xen_grant_access(XEN_PEER, page, false, &ref) != -ENOMEM)
		_exit(2);
	host_heap_limit = -1;
	xen.place_error = -ENOMEM;
	if (xen_grant_access(XEN_PEER, page, false, &ref) != -ENOSPC)
		_exit(3);
	xen.place_error = 0;
	if (xen_grant_access(XEN_PEER, page, false, &ref) != -ENOSPC)
		_exit(4);
	_exit(0);
}

int main(void)
{
	host_ram_start(ARENA);
	pages_add(PAGE_SIZE, ARENA - PAGE_SIZE);
	irq_enable();
	check_dies(no_table, NULL, 0, "", "no memory for a table: an error");
	test_access();
	test_deferred();
	test_growth();
	test_copy();
	test_map();
	test_holes();
	test_random();
	test_resume();
	return check_done();
}
