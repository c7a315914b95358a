/** Shortest password the server takes; it knows more rules and says so itself. */
const LEAST = 10;

/** What is plainly wrong with a new password, before it is sent; null when the server may decide. */
export const passwordFault = (password: string): string | null =>
  [...password].length < LEAST ? `At least ${LEAST} characters.` : null;
