import { expect, test } from 'vitest';
import { DARK, LIGHT, type Palette, TONES } from './theme.ts';

/** Relative luminance of `#rrggbb`, WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function pairs(palette: Palette): [string, string, string, number][] {
  const { canvas, surface, sunken, hover, selected, tones } = palette;
  const grounds = { canvas, surface, sunken, hover, selected };
  return [
    ...Object.entries(grounds).flatMap(([name, ground]): [string, string, string, number][] => [
      [`text on ${name}`, palette.text, ground, 7],
      [`dim on ${name}`, palette.dim, ground, 4.5],
      [`accent on ${name}`, palette.accent, ground, 4.5],
    ]),
    ['accent on its tint', palette.accent, palette.accentTint, 4.5],
    ['text on red', palette.onSolid, tones.red.solid, 4.5],
    ...TONES.flatMap((tone): [string, string, string, number][] => [
      [`${tone} text on its tint`, tones[tone].fg, tones[tone].bg, 4.5],
      [`${tone} text on surface`, tones[tone].fg, surface, 4.5],
      [`${tone} text on hover`, tones[tone].fg, hover, 4.5],
    ]),
  ];
}

test.each([
  ['light', LIGHT],
  ['dark', DARK],
] as const)('every text in the %s scheme meets WCAG AA', (_, palette) => {
  const tooWeak = pairs(palette)
    .map(([name, a, b, least]) => ({ name, ratio: Number(contrast(a, b).toFixed(2)), least }))
    .filter(({ ratio, least }) => ratio < least);
  expect(tooWeak).toEqual([]);
});

test.each([
  ['light', LIGHT],
  ['dark', DARK],
] as const)('dots, chart marks and outlines of the %s scheme stand off the surface (WCAG 1.4.11, 3:1)', (_, palette) => {
  const marks = [
    ...TONES.map((tone) => ({ tone, colour: palette.tones[tone].solid })),
    { tone: 'control', colour: palette.control },
  ];
  const tooWeak = marks
    .map(({ tone, colour }) => ({ tone, ratio: contrast(colour, palette.surface) }))
    .filter(({ ratio }) => ratio < 3);
  expect(tooWeak).toEqual([]);
});
