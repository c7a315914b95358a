import { BlockList, isIP } from 'node:net';

/** Whether a text is an address or a CIDR range, of either version. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** The ranges as one list to ask; texts that are none are passed over. */
export function addressList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    if (!isAddressRange(range)) continue;
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** Whether the list holds an address; no address is in no list. */
export function listHolds(list: BlockList, address: string | undefined): boolean {
  const version = isIP(address ?? '');
  return version !== 0 && list.check(address as string, version === 4 ? 'ipv4' : 'ipv6');
}
