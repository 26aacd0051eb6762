/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading plan.json: see plan.h. */
#include "config.h"
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "util.h"

static const char *const kinds[] = {"exe", "test", "bench"};

/* Adds the component if it is an executable; its name is KIND:NAME. */
static void add(struct plan *p, const struct json *unit, const char *component,
		const char *file)
{
	const struct json *source = json_member(unit, "pkg-src", JSON_OBJECT);
	const char *colon = strchr(component, ':'),
		   *package = json_text(unit, "pkg-name"),
		   *folder = json_text(source, "path");
	struct plan_exe *e;

	for (size_t i = 0; colon && i < ARRAY_SIZE(kinds); i++) {
		size_t n = strlen(kinds[i]);

		if ((size_t)(colon - component) != n ||
		    strncmp(component, kinds[i], n) != 0)
			continue;
		p->exes = xrealloc(p->exes, (p->n + 1) * sizeof(*p->exes));
		e = &p->exes[p->n++];
		e->package = xstrdup(package ? package : "");
		e->kind = xstrdup(kinds[i]);
		e->name = xstrdup(colon + 1);
		e->file = xstrdup(file);
		e->folder = xstrdup(folder ? folder : "");
	}
}

/*
 * A unit is a component, or, if it can't be built by components (custom Setup,
 * old format), a package with several.
 */
static void add_unit(struct plan *p, const struct json *unit)
{
	const struct json *parts = json_member(unit, "components", JSON_OBJECT);
	const char *style = json_text(unit, "style"),
		   *name = json_text(unit, "component-name"),
		   *file = json_text(unit, "bin-file");

	if (!style || strcmp(style, "local") != 0)
		return;
	if (name && file)
		add(p, unit, name, file);
	for (size_t i = 0; parts && i < parts->n; i++) {
		file = json_text(&parts->items[i], "bin-file");
		if (file)
			add(p, unit, parts->items[i].key, file);
	}
}

bool plan_parse(const char *buf, size_t len, struct plan *p,
		struct parse_error *e)
{
	const struct json *units;
	struct json j;

	*p = (struct plan){0};
	if (!json_parse(buf, len, &j, e))
		return false;
	units = json_member(&j, "install-plan", JSON_ARRAY);
	for (size_t i = 0; units && i < units->n; i++)
		add_unit(p, &units->items[i]);
	json_free(&j);
	return units || parse_fail(e, 0, "there is no 'install-plan'");
}

void plan_free(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->exes[i].package);
		free(p->exes[i].kind);
		free(p->exes[i].name);
		free(p->exes[i].file);
		free(p->exes[i].folder);
	}
	free(p->exes);
	*p = (struct plan){0};
}
