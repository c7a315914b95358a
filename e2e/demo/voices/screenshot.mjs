import { crc32, deflateSync } from 'node:zlib';

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A picture of a shop's page, as a screenshot would be: boxes on a light ground. PNG. */
export function screenshot(width = 640, height = 400) {
  const boxes = [
    [0, 0, width, 56, [33, 53, 120]],
    [24, 84, 380, 40, [210, 216, 228]],
    [24, 148, 592, 60, [238, 240, 245]],
    [24, 220, 592, 60, [238, 240, 245]],
    [440, 320, 176, 48, [196, 48, 43]],
  ];
  const rows = Buffer.alloc((width * 3 + 1) * height, 250);
  for (let y = 0; y < height; y++) {
    rows[y * (width * 3 + 1)] = 0; // no filter
    for (const [left, top, w, h, colour] of boxes) {
      if (y < top || y >= top + h) continue;
      for (let x = left; x < Math.min(width, left + w); x++) rows.set(colour, y * (width * 3 + 1) + 1 + x * 3);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8); // eight bits, colours
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}
