/* SPDX-License-Identifier: BSD-3-Clause */
/* dev/vmware/ovfenv.c: properties in vSphere's document. */
#include "dev/vmware/ovfenv.h"
#include "check.h"
#include "core/heap.h"
#include "host.h"

/* As vSphere writes it, with the properties of the caller's. */
#define DOCUMENT(properties)                                                   \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                         \
	"<Environment\n"                                                       \
	"     xmlns=\"http://schemas.dmtf.org/ovf/environment/1\"\n"           \
	"     xmlns:oe=\"http://schemas.dmtf.org/ovf/environment/1\"\n"        \
	"     oe:id=\"\">\n"                                                   \
	"   <PlatformSection>\n"                                               \
	"      <Kind>VMware ESXi</Kind>\n"                                     \
	"   </PlatformSection>\n"                                              \
	"   <PropertySection>\n" properties "   </PropertySection>\n"          \
	"</Environment>\n"

#define PROPERTY(key, value)                                                   \
	"      <Property oe:key=\"" key "\" oe:value=\"" value "\"/>\n"

static void expect(const char *document, const char *want, const char *what)
{
	char *got = ovfenv_property(document, "guestinfo.halvm.args");

	check_str(got ? got : "(none)", want ? want : "(none)", what);
	heap_free(got);
}

#define ARGS "guestinfo.halvm.args"

int main(void)
{
	expect(DOCUMENT(PROPERTY("a", "1") PROPERTY(ARGS, "x \t y")
			    PROPERTY("b", "2")),
	       "x \t y", "the one of that name");
	expect(DOCUMENT(PROPERTY("a", "1")), NULL, "none of that name");
	expect(DOCUMENT(PROPERTY(ARGS ".more", "1")), NULL, "a longer name");
	expect(DOCUMENT(PROPERTY("guestinfo.halvm.arg", "1")), NULL,
	       "a shorter name");
	expect(DOCUMENT(PROPERTY(ARGS, "")), NULL, "an empty value");
	expect(DOCUMENT(PROPERTY(ARGS, "&lt;a&gt; &amp;amp; &quot;&apos;")),
	       "<a> &amp; \"'", "the five entities");
	expect(DOCUMENT(PROPERTY(ARGS, "&#65;&#x42;&#xe4;&#x20AC;&#x1F600;")),
	       "AB\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
	       "characters by number");
	expect(DOCUMENT(PROPERTY(ARGS, "&nbsp;")), NULL, "an unknown entity");
	expect(DOCUMENT(PROPERTY(ARGS, "&#0;")), NULL, "no NUL");
	expect(DOCUMENT(PROPERTY(ARGS, "&#x110000;")), NULL, "no character");
	expect(DOCUMENT(PROPERTY(ARGS, "&#99999999999999;")), NULL,
	       "a large number");
	expect(DOCUMENT(PROPERTY(ARGS, "a&amp")), NULL, "one without an end");
	expect("<oe:Property\n oe:value = 'it is \"so\"'\toe:key='" ARGS "' />",
	       "it is \"so\"", "other quotes, order and blanks");
	expect("<Property value=\"v\" key=\"" ARGS "\"", "v",
	       "the document ends early");
	expect("<Property oe:key=\"" ARGS "\" oe:value=\"v", NULL,
	       "the value doesn't end");
	expect("<Property oe:key=\"" ARGS "\">v</Property>", NULL, "no value");
	expect("<Prop oe:key=\"" ARGS "\" oe:value=\"v\"/>", NULL,
	       "another element");
	expect("", NULL, "no document");
	expect("<", NULL, "a bracket");
	check(host_heap_objects == 0, "all memory is given back");
	return check_done();
}
