import { type CSSVariablesResolver, createTheme, defaultCssVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/**
 * The only file with colour literals. Everything else names a token: `var(--er-…)` in CSS, {@link Tone} in props.
 * Every text/background pair here is held to WCAG AA by `theme.test.ts`.
 */

const ink: MantineColorsTuple = [
  '#eef2ff',
  '#dfe6ff',
  '#c0cdff',
  '#a3b6fc',
  '#8aa0f8',
  '#6580ee',
  '#4a66e0',
  '#3a53c6',
  '#2f45a6',
  '#243583',
];
const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#eff1f4',
  '#e3e6eb',
  '#d2d7de',
  '#b4bbc6',
  '#7d8695',
  '#5b6472',
  '#4b5360',
  '#333a45',
  '#1d222b',
];
const dark: MantineColorsTuple = [
  '#d8dce3',
  '#b4bbc6',
  '#98a1af',
  '#737d8c',
  '#38404c',
  '#2a313b',
  '#1e242c',
  '#171b22',
  '#12161c',
  '#0c0f13',
];
const red: MantineColorsTuple = [
  '#fdecea',
  '#fad8d4',
  '#f6c6c1',
  '#f29d95',
  '#ee756a',
  '#e5493c',
  '#d92d20',
  '#b42318',
  '#912018',
  '#7a1d16',
];

/** A meaning-bearing colour: text, tint, border and solid form, in both schemes. */
export const TONES = ['grey', 'red', 'orange', 'amber', 'green', 'blue', 'violet', 'pink'] as const;
/** Name of a tone; see {@link TONES}. */
export type Tone = (typeof TONES)[number];
type ToneColours = { fg: string; bg: string; border: string; solid: string };

/** Surfaces, text and tones of one colour scheme. */
export interface Palette {
  /** Page behind the panels. */
  canvas: string;
  /** Panels, tables, inputs. */
  surface: string;
  /** Wells: code, table heads, bars. */
  sunken: string;
  /** Row under the pointer. */
  hover: string;
  /** Row that is selected. */
  selected: string;
  border: string;
  borderStrong: string;
  /** Outline of inputs, boxes and switches: 3:1 against the surface (WCAG 1.4.11). */
  control: string;
  text: string;
  /** Secondary text; still AA on canvas, surface, sunken and hover. */
  dim: string;
  /** Links and the current item. */
  accent: string;
  /** Tint behind the current item. */
  accentTint: string;
  /** Text on solid tones and filled buttons. */
  onSolid: string;
  tones: Record<Tone, ToneColours>;
}

/** The light scheme. */
export const LIGHT: Palette = {
  canvas: '#f7f8fa',
  surface: '#ffffff',
  sunken: '#f2f4f7',
  hover: '#f4f6f9',
  selected: '#eef2ff',
  border: '#e3e6eb',
  borderStrong: '#c9cfd8',
  control: '#87909e',
  text: '#1d222b',
  dim: '#5b6472',
  accent: '#3a53c6',
  accentTint: '#e8edff',
  onSolid: '#ffffff',
  tones: {
    grey: { fg: '#4b5360', bg: '#eff1f4', border: '#d2d7de', solid: '#8c95a3' },
    red: { fg: '#b42318', bg: '#fdecea', border: '#f6c6c1', solid: '#d92d20' },
    orange: { fg: '#a03d0a', bg: '#fdefe3', border: '#f5cfae', solid: '#e0641b' },
    amber: { fg: '#7d4e00', bg: '#fdf4d8', border: '#efdc9c', solid: '#b57f00' },
    green: { fg: '#146c43', bg: '#e6f5ec', border: '#b5dfc6', solid: '#1f9d61' },
    blue: { fg: '#1f56b8', bg: '#e8f0fd', border: '#bdd3f7', solid: '#2f6fde' },
    violet: { fg: '#6b35b5', bg: '#f2eafc', border: '#d8c3f3', solid: '#8146d1' },
    pink: { fg: '#a81e6a', bg: '#fce9f3', border: '#f2c0dc', solid: '#d02c86' },
  },
};

/** The dark scheme. */
export const DARK: Palette = {
  canvas: '#0f1217',
  surface: '#171b22',
  sunken: '#12161c',
  hover: '#1d222b',
  selected: '#1c2440',
  border: '#262c36',
  borderStrong: '#3d4552',
  control: '#6a7484',
  text: '#d8dce3',
  dim: '#98a1af',
  accent: '#8aa0f8',
  accentTint: '#1f2848',
  onSolid: '#ffffff',
  tones: {
    grey: { fg: '#b4bbc6', bg: '#232932', border: '#3d4552', solid: '#737d8c' },
    red: { fg: '#ff9d94', bg: '#3a1917', border: '#5f2722', solid: '#d93a2f' },
    orange: { fg: '#ffb27a', bg: '#37200f', border: '#5c3417', solid: '#ee7a33' },
    amber: { fg: '#f2c866', bg: '#322708', border: '#54420f', solid: '#e0a81c' },
    green: { fg: '#7fdcaa', bg: '#10301f', border: '#1c4f34', solid: '#35b877' },
    blue: { fg: '#9cc1ff', bg: '#14274a', border: '#21407a', solid: '#4c8bf5' },
    violet: { fg: '#cfb0ff', bg: '#2a1c45', border: '#463070', solid: '#9a6bef' },
    pink: { fg: '#ff9fcf', bg: '#3b1629', border: '#5e2443', solid: '#e650a0' },
  },
};

/** Order in which unnamed chart series take their tones: neighbours differ in hue and in lightness. */
export const CHART_TONES: readonly Tone[] = ['blue', 'orange', 'green', 'violet', 'amber', 'pink', 'red', 'grey'];

const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function variablesOf({ tones, ...surfaces }: Palette): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(surfaces)) variables[`--er-${kebab(name)}`] = value;
  for (const [tone, colours] of Object.entries(tones)) {
    for (const [part, value] of Object.entries(colours)) variables[`--er-${tone}-${part}`] = value;
  }
  return variables;
}

function mantineOverrides(palette: Palette): Record<string, string> {
  return {
    '--mantine-color-body': palette.surface,
    '--mantine-color-text': palette.text,
    '--mantine-color-bright': palette.text,
    '--mantine-color-dimmed': palette.dim,
    '--mantine-color-placeholder': palette.dim,
    '--mantine-color-anchor': palette.accent,
    '--mantine-color-error': palette.tones.red.fg,
    '--mantine-color-default': palette.surface,
    '--mantine-color-default-hover': palette.hover,
    '--mantine-color-default-color': palette.text,
    '--mantine-color-default-border': palette.borderStrong,
    '--mantine-color-ink-light-color': palette.accent,
    '--mantine-color-red-light-color': palette.tones.red.fg,
    '--mantine-color-red-outline': palette.tones.red.fg,
  };
}

/** Mantine's variables plus ours (`--er-*`), for both schemes. */
export const cssVariables: CSSVariablesResolver = (theme) => {
  const base = defaultCssVariablesResolver(theme);
  return {
    variables: { ...base.variables, '--er-row': '2.5rem', '--er-row-two': '3.0625rem', '--er-bar': '3rem', '--er-nav': '13rem' },
    light: { ...base.light, ...mantineOverrides(LIGHT), ...variablesOf(LIGHT) },
    dark: { ...base.dark, ...mantineOverrides(DARK), ...variablesOf(DARK) },
  };
};

const modal = { lockScroll: false, overlayProps: { backgroundOpacity: 0.45 }, transitionProps: { duration: 120 } };

/** The Mantine theme: small type, tight spacing, quiet radii. */
export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 7 },
  colors: { ink, gray, dark, red },
  white: '#ffffff',
  black: '#1d222b',
  fontFamily: 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.5', xl: '1.5' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.25rem', xl: '2rem' },
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.1875rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.35' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', comboboxProps: { shadow: 'md', transitionProps: { duration: 80 } } } },
    MultiSelect: { defaultProps: { size: 'sm', comboboxProps: { shadow: 'md', transitionProps: { duration: 80 } } } },
    TagsInput: { defaultProps: { size: 'sm' } },
    Switch: { defaultProps: { size: 'sm', withThumbIndicator: false } },
    Checkbox: { defaultProps: { size: 'sm' } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
    Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
    Tooltip: { defaultProps: { openDelay: 350, transitionProps: { duration: 80 }, withArrow: false, fz: 'xs' } },
    // Scroll locking in Mantine writes a <style> element, which the content policy forbids; app.css locks instead.
    Modal: { defaultProps: { ...modal, centered: true } },
    Drawer: { defaultProps: modal },
    Tabs: { defaultProps: { keepMounted: false } },
    Anchor: { defaultProps: { underline: 'hover', inherit: true } },
    // Fields beside each other line up, whatever is said below them.
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
  },
});
