/* SPDX-License-Identifier: BSD-3-Clause */
/* Finding the installation and the host's tools: see install.h. */
#include "config.h"
#include "install.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"
#include "util.h"

static const char *env_set(const char *name)
{
	const char *s = getenv(name);
	return s && *s ? s : NULL;
}

static char *own_path(void)
{
	for (size_t cap = 256;; cap *= 2) {
		char *buf = xmalloc(cap);
		ssize_t n = readlink("/proc/self/exe", buf, cap);
		if (n < 0)
			die(EXIT_FAILED,
			    "can't read /proc/self/exe: %s; is /proc mounted?",
			    strerror(errno));
		if ((size_t)n < cap) {
			buf[n] = '\0';
			return buf;
		}
		free(buf);
	}
}

char *path_resolve(const char *dir, const char *part)
{
	char *path = xstrdup(part[0] == '/' ? "/" : dir);
	while (*part) {
		size_t n = strcspn(part, "/");
		char *next = NULL;
		if (n == 2 && part[0] == '.' && part[1] == '.') {
			next = path_dirname(path);
		} else if (n && !(n == 1 && part[0] == '.')) {
			char *name = xstrndup(part, n);
			next = path_join(path, name);
			free(name);
		}
		if (next) {
			free(path);
			path = next;
		}
		part += n + (part[n] == '/');
	}
	return path;
}

void install_find(struct install *in)
{
	char *self = own_path();
	const char *sysroot = env_set("HALVM_SYSROOT");
	in->bindir = path_dirname(self);
	in->libdir = path_resolve(in->bindir, HALVM_LIBREL);
	in->sysroot =
	    sysroot ? path_absolute(sysroot) : path_join(in->libdir, "sysroot");
	free(self);
}

void install_free(struct install *in)
{
	free(in->bindir);
	free(in->libdir);
	free(in->sysroot);
	*in = (struct install){0};
}

struct wanted {
	const char *key;
	char *value;
};

static bool find_key(void *arg, unsigned line, struct span key,
		     struct span value, struct parse_error *e)
{
	struct wanted *w = arg;
	if (!span_is(key, w->key))
		return true;
	if (w->value)
		return parse_fail(e, line, "'%s' is given twice", w->key);
	w->value = span_dup(value);
	return true;
}

char *install_conf(const struct install *in, const char *key)
{
	struct wanted w = {.key = key};
	struct parse_error e;
	size_t len;
	char *path = path_join(in->sysroot, "sysroot.conf");
	char *text = read_file(path, &len);
	if (!text && errno != ENOENT && errno != ENOTDIR)
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	if (text && !conf_parse(text, len, find_key, &w, &e))
		parse_die(path, &e);
	free(text);
	free(path);
	return w.value;
}

void install_need_sysroot(const struct install *in)
{
	if (!dir_exists(in->sysroot))
		die(EXIT_FAILED,
		    "there is no sysroot at '%s'; build one with 'make' in "
		    "HaLVM's sources, or set HALVM_SYSROOT to the directory "
		    "of one",
		    in->sysroot);
	char *abi = install_conf(in, "abi");
	if (abi && strtol(abi, NULL, 10) != HALVM_ABI)
		die(EXIT_FAILED,
		    "the sysroot at '%s' has ABI %s and this is HaLVM %s with "
		    "ABI %d; use a sysroot that came with this version",
		    in->sysroot, abi, PACKAGE_VERSION, HALVM_ABI);
	free(abi);
}

char *host_find(const char *name)
{
	if (strchr(name, '/'))
		return access(name, X_OK) == 0 ? xstrdup(name) : NULL;
	const char *p = env_set("PATH");
	if (!p)
		p = "/usr/local/bin:/usr/bin:/bin";
	for (;;) {
		size_t n = strcspn(p, ":");
		char *dir = n ? xstrndup(p, n) : xstrdup(".");
		char *path = path_join(dir, name);
		free(dir);
		if (file_exists(path) && access(path, X_OK) == 0)
			return path;
		free(path);
		if (!p[n])
			return NULL;
		p += n + 1;
	}
}

char *host_tool(const char *env, const char *const names[], const char *what)
{
	const char *chosen = env_set(env);
	if (chosen) {
		char *path = host_find(chosen);
		if (!path)
			die(EXIT_FAILED,
			    "%s names '%s', which isn't a program; "
			    "set it to %s or unset it",
			    env, chosen, what);
		return path;
	}
	for (size_t i = 0; names[i]; i++) {
		char *path = host_find(names[i]);
		if (path)
			return path;
	}
	die(EXIT_FAILED,
	    "there is no '%s' in PATH; install %s, or set %s to its path",
	    names[0], what, env);
}
