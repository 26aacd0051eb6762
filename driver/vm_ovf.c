/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writing OVF descriptors: see vm.h. Sources: DMTF DSP0243, version 1.1.1, and
 * its schema DSP8023, whose order of elements is kept; VMware's names of
 * hardware as vSphere writes them when it exports a machine.
 *
 * What a host sets for the guest are properties; the transport hands them to
 * it in guestinfo.ovfEnv. Their keys are the variables that the guest reads.
 */
#include "config.h"
#include "vm.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

#define CIM "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/"
#define FORMAT                                                                 \
	"http://www.vmware.com/interfaces/specifications/vmdk.html"            \
	"#streamOptimized"

/* CIM's numbers of resources (DSP1041, table "ResourceType"). */
enum {
	PROCESSOR = 3,
	MEMORY = 4,
	SCSI_ADAPTER = 6,
	ETHERNET = 10,
	DISK = 17,
	SERIAL_PORT = 21,
	OTHER_64_BIT = 102 /* of operating systems */
};
/* Of our items. */
enum { ID_CPU = 1, ID_MEMORY, ID_SCSI, ID_DISK, ID_SERIAL, ID_NETWORK };

/* Text, fit for an attribute in double quotes, too. */
static void put_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

static void rasd(FILE *out, const char *name, const char *value)
{
	fprintf(out, "        <rasd:%s>", name);
	put_text(out, value);
	fprintf(out, "</rasd:%s>\n", name);
}

static void rasd_number(FILE *out, const char *name, uint64_t value)
{
	fprintf(out, "        <rasd:%s>%llu</rasd:%s>\n", name,
		(unsigned long long)value, name);
}

static void put_envelope(FILE *out)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	      "<Envelope xmlns=\"http://schemas.dmtf.org/ovf/envelope/1\"\n"
	      "  xmlns:ovf=\"http://schemas.dmtf.org/ovf/envelope/1\"\n"
	      "  xmlns:rasd=\"" CIM "CIM_ResourceAllocationSettingData\"\n"
	      "  xmlns:vssd=\"" CIM "CIM_VirtualSystemSettingData\"\n"
	      "  xmlns:vmw=\"http://www.vmware.com/schema/ovf\">\n",
	      out);
}

static void put_disk(FILE *out, const struct disk *d, const char *disk,
		     uint64_t len)
{
	uint64_t used;

	free(disk_used(d, 1 << 16, &used));
	fputs("  <References>\n    <File ovf:id=\"file1\" ovf:href=\"", out);
	put_text(out, disk);
	fprintf(out,
		"\" ovf:size=\"%llu\"/>\n"
		"  </References>\n"
		"  <DiskSection>\n"
		"    <Info>Virtual disks</Info>\n"
		"    <Disk ovf:diskId=\"vmdisk1\" ovf:fileRef=\"file1\"\n"
		"      ovf:capacity=\"%llu\"\n"
		"      ovf:capacityAllocationUnits=\"byte\"\n"
		"      ovf:populatedSize=\"%llu\"\n"
		"      ovf:format=\"" FORMAT "\"/>\n"
		"  </DiskSection>\n",
		(unsigned long long)len, (unsigned long long)d->size,
		(unsigned long long)used << 16);
}

static void put_networks(FILE *out, const char *network)
{
	fputs("  <NetworkSection>\n"
	      "    <Info>Networks</Info>\n"
	      "    <Network ovf:name=\"",
	      out);
	put_text(out, network);
	fputs("\">\n"
	      "      <Description>The program's network</Description>\n"
	      "    </Network>\n"
	      "  </NetworkSection>\n",
	      out);
}

static void begin_item(FILE *out, bool required)
{
	fprintf(out, "      <Item%s>\n",
		required ? "" : " ovf:required=\"false\"");
}

static void end_item(FILE *out)
{
	fputs("      </Item>\n", out);
}

static void put_computer(FILE *out, const struct vm *vm)
{
	char *text = xasprintf("%u virtual CPU(s)", vm->cpus);

	begin_item(out, true);
	rasd(out, "AllocationUnits", "hertz * 10^6");
	rasd(out, "Description", "Number of Virtual CPUs");
	rasd(out, "ElementName", text);
	rasd_number(out, "InstanceID", ID_CPU);
	rasd_number(out, "ResourceType", PROCESSOR);
	rasd_number(out, "VirtualQuantity", vm->cpus);
	end_item(out);
	free(text);
	text =
	    xasprintf("%lluMB of memory", (unsigned long long)vm_mebibytes(vm));
	begin_item(out, true);
	rasd(out, "AllocationUnits", "byte * 2^20");
	rasd(out, "Description", "Memory Size");
	rasd(out, "ElementName", text);
	rasd_number(out, "InstanceID", ID_MEMORY);
	rasd_number(out, "ResourceType", MEMORY);
	rasd_number(out, "VirtualQuantity", vm_mebibytes(vm));
	end_item(out);
	free(text);
}

static void put_devices(FILE *out, const struct vm *vm)
{
	begin_item(out, true);
	rasd_number(out, "Address", 0);
	rasd(out, "Description", "SCSI Controller");
	rasd(out, "ElementName", "SCSI controller 0");
	rasd_number(out, "InstanceID", ID_SCSI);
	rasd(out, "ResourceSubType", "VirtualSCSI");
	rasd_number(out, "ResourceType", SCSI_ADAPTER);
	end_item(out);
	begin_item(out, true);
	rasd_number(out, "AddressOnParent", 0);
	rasd(out, "ElementName", "Hard disk 1");
	rasd(out, "HostResource", "ovf:/disk/vmdisk1");
	rasd_number(out, "InstanceID", ID_DISK);
	rasd_number(out, "Parent", ID_SCSI);
	rasd_number(out, "ResourceType", DISK);
	end_item(out);
	/* Not every host has a place for what comes out of it. */
	begin_item(out, false);
	rasd(out, "AutomaticAllocation", "false");
	rasd(out, "ElementName", "Serial port 1");
	rasd_number(out, "InstanceID", ID_SERIAL);
	rasd_number(out, "ResourceType", SERIAL_PORT);
	fputs("        <vmw:Config ovf:required=\"false\" "
	      "vmw:key=\"yieldOnPoll\" vmw:value=\"true\"/>\n",
	      out);
	end_item(out);
	if (!vm->network)
		return;
	begin_item(out, true);
	rasd_number(out, "AddressOnParent", 7);
	rasd(out, "AutomaticAllocation", "true");
	rasd(out, "Connection", vm->network);
	rasd(out, "ElementName", "Network adapter 1");
	rasd_number(out, "InstanceID", ID_NETWORK);
	rasd(out, "ResourceSubType", "VmxNet3");
	rasd_number(out, "ResourceType", ETHERNET);
	end_item(out);
}

static void put_hardware(FILE *out, const struct vm *vm, const char *id)
{
	fprintf(out,
		"    <VirtualHardwareSection "
		"ovf:transport=\"com.vmware.guestInfo\">\n"
		"      <Info>Virtual hardware requirements</Info>\n"
		"      <System>\n"
		"        <vssd:ElementName>Virtual Hardware Family"
		"</vssd:ElementName>\n"
		"        <vssd:InstanceID>0</vssd:InstanceID>\n"
		"        <vssd:VirtualSystemIdentifier>%s"
		"</vssd:VirtualSystemIdentifier>\n"
		"        <vssd:VirtualSystemType>vmx-%d"
		"</vssd:VirtualSystemType>\n"
		"      </System>\n",
		id, VM_HARDWARE);
	put_computer(out, vm);
	put_devices(out, vm);
	fprintf(out,
		"      <vmw:Config ovf:required=\"false\" "
		"vmw:key=\"firmware\" vmw:value=\"%s\"/>\n"
		"      <vmw:Config ovf:required=\"false\" "
		"vmw:key=\"bootOptions.efiSecureBootEnabled\" "
		"vmw:value=\"false\"/>\n"
		"    </VirtualHardwareSection>\n",
		vm->efi ? "efi" : "bios");
}

static void put_product(FILE *out, const struct vm *vm)
{
	static const char *const properties[][3] = {
	    {"args", "Arguments",
	     "The program's arguments, in place of those on the disk"},
	    {"env", "Environment",
	     "Variables, NAME=VALUE, with blanks between"},
	    {"options", "Options", "Words halvm.NAME=VALUE for the runtime"},
	};

	fputs("    <ProductSection>\n"
	      "      <Info>What the program is given</Info>\n"
	      "      <Product>",
	      out);
	put_text(out, vm->name);
	fputs("</Product>\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(properties); i++)
		fprintf(out,
			"      <Property ovf:key=\"guestinfo.halvm.%s\" "
			"ovf:type=\"string\" ovf:userConfigurable=\"true\" "
			"ovf:value=\"\">\n"
			"        <Label>%s</Label>\n"
			"        <Description>%s</Description>\n"
			"      </Property>\n",
			properties[i][0], properties[i][1], properties[i][2]);
	fputs("    </ProductSection>\n", out);
}

void ovf_write(FILE *out, const struct vm *vm, const struct disk *d,
	       const char *disk, uint64_t len)
{
	char *id = vm_file_name(vm->name);

	put_envelope(out);
	put_disk(out, d, disk, len);
	if (vm->network)
		put_networks(out, vm->network);
	fprintf(out,
		"  <VirtualSystem ovf:id=\"%s\">\n"
		"    <Info>A virtual machine</Info>\n"
		"    <Name>",
		id);
	put_text(out, vm->name);
	fprintf(out,
		"</Name>\n"
		"    <OperatingSystemSection ovf:id=\"%d\" "
		"vmw:osType=\"otherGuest64\">\n"
		"      <Info>The operating system</Info>\n"
		"      <Description>Other (64-bit)</Description>\n"
		"    </OperatingSystemSection>\n",
		OTHER_64_BIT);
	put_hardware(out, vm, id);
	put_product(out, vm);
	fputs("  </VirtualSystem>\n</Envelope>\n", out);
	free(id);
}
