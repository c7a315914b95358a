import {
  convertCssVariables,
  DEFAULT_THEME,
  localStorageColorSchemeManager,
  type MantineColorScheme,
  MantineProvider,
  mergeMantineTheme,
} from '@mantine/core';
import type { ReactNode } from 'react';
import { cssVariables, theme } from './theme.ts';

/** Local storage key of the chosen scheme; `public/theme-boot.js` reads it before the first paint. */
const SCHEME_KEY = 'errata.theme';
const schemeManager = localStorageColorSchemeManager({ key: SCHEME_KEY });

/**
 * Puts the theme's variables into a constructed style sheet. Mantine would write a `<style>` element, which a content
 * policy of `style-src 'self'` refuses; constructed sheets are allowed. Called once, before the first render.
 */
export function installThemeVariables(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(convertCssVariables(cssVariables(mergeMantineTheme(DEFAULT_THEME, theme))));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** The theme for everything below it. `env="test"` switches off transitions and portals. */
export function ThemeProvider({
  children,
  env = 'default',
  scheme = 'auto',
}: {
  children: ReactNode;
  env?: 'default' | 'test';
  scheme?: MantineColorScheme;
}) {
  return (
    <MantineProvider
      theme={theme}
      env={env}
      defaultColorScheme={scheme}
      colorSchemeManager={schemeManager}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      {children}
    </MantineProvider>
  );
}
