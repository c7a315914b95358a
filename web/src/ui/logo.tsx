/** The mark: a line of type with the printer's caret, where something has to be put right. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="7" fill="var(--mantine-color-ink-7)" />
      <path d="M8 9h16M8 15h7M18 15h6" stroke="var(--er-on-solid)" strokeWidth="2.4" strokeLinecap="round" opacity="0.62" />
      <path
        d="M11 25l5.2-8 5.2 8"
        fill="none"
        stroke="var(--er-on-solid)"
        strokeWidth="2.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
