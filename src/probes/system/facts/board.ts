import type { Facts } from "./answer.ts";

/**
 * What the firmware says of the machine, by its file and by Ansible's name where that is another.
 */
const NAMES: { readonly [file: string]: string } = {
  sys_vendor: "system_vendor",
  chassis_type: "form_factor",
};
/** Files of the firmware's table that are read. Only root can read serial numbers. */
export const BOARD = [
  "bios_date",
  "bios_vendor",
  "bios_version",
  "board_asset_tag",
  "board_name",
  "board_serial",
  "board_vendor",
  "board_version",
  "chassis_asset_tag",
  "chassis_serial",
  "chassis_type",
  "chassis_vendor",
  "chassis_version",
  "product_name",
  "product_serial",
  "product_uuid",
  "product_version",
  "sys_vendor",
];

/** Kinds of case by the number that SMBIOS gives them, from 1 on. */
const FORMS = [
  "Other",
  "Unknown",
  "Desktop",
  "Low Profile Desktop",
  "Pizza Box",
  "Mini Tower",
  "Tower",
  "Portable",
  "Laptop",
  "Notebook",
  "Hand Held",
  "Docking Station",
  "All In One",
  "Sub Notebook",
  "Space-saving",
  "Lunch Box",
  "Main Server Chassis",
  "Expansion Chassis",
  "Sub Chassis",
  "Bus Expansion Chassis",
  "Peripheral Chassis",
  "RAID Chassis",
  "Rack Mount Chassis",
  "Sealed-case PC",
  "Multi-system",
  "CompactPCI",
  "AdvancedTCA",
  "Blade",
  "Blade Enclosure",
  "Tablet",
  "Convertible",
  "Detachable",
  "IoT Gateway",
  "Embedded PC",
  "Mini PC",
  "Stick PC",
];

// Makers and serials of the machine; what the firmware does not say is "NA".
export function boardFacts(files: ReadonlyMap<string, string>): Facts {
  return Object.fromEntries(
    BOARD.map((file) => {
      const text = files.get(`/sys/devices/virtual/dmi/id/${file}`)?.trim();
      const value = file === "chassis_type" ? FORMS[Number(text) - 1] : text;
      return [NAMES[file] ?? file, value === undefined || value === "" ? "NA" : value];
    }),
  );
}
