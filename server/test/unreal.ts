/** A crash report of Unreal Engine as it stands before zlib: header `CR1`, names, and files. */
export function unrealArchive(...files: [name: string, bytes: Buffer][]): Buffer {
  const int = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return bytes;
  };
  const text = (value: string) => Buffer.concat([int(value.length + 1), Buffer.from(`${value}\0`)]);
  return Buffer.concat([
    Buffer.from('CR1'),
    text('dir'),
    text('file.ue4crash'),
    int(0),
    int(files.length),
    ...files.flatMap(([name, bytes], i) => [int(i), text(name), int(bytes.length), bytes]),
  ]);
}
