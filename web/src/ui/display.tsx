import { createContext, type ReactNode, useContext } from 'react';
import type { TimeZoneChoice } from './format.ts';

/** How a person likes to see things. */
export interface Display {
  timeZone: TimeZoneChoice;
  density: 'compact' | 'comfortable';
}

const DisplayContext = createContext<Display>({ timeZone: 'browser', density: 'compact' });

/** Gives the display preferences to everything below. */
export function DisplayProvider({ value, children }: { value: Display; children: ReactNode }) {
  return <DisplayContext value={value}>{children}</DisplayContext>;
}

/** The display preferences here. */
export const useDisplay = (): Display => useContext(DisplayContext);
