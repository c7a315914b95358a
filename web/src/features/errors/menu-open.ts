/**
 * Whether a menu, a list to choose from or a dialog is open: then Escape is meant for that, and nothing should move under
 * it. Closed ones may stay in the document, so it is asked whether they are shown.
 */
export function isMenuOpen(): boolean {
  const open = document.querySelectorAll<HTMLElement>('[role="menu"], [role="listbox"], [role="dialog"]');
  return [...open].some((element) => element.checkVisibility?.() ?? true);
}
