import { ActionIcon } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, type Ref, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { KeyHint } from '../../ui/key-hint.tsx';
import classes from './query-box.module.css';
import {
  applySuggestion,
  type QueryFault,
  type QuerySuggestion,
  type QueryValues,
  queryFaults,
  suggest,
} from './query-language.ts';

/** What {@link QueryBox} takes. */
export interface QueryBoxProps {
  /** The text in force. */
  text: string;
  values: QueryValues;
  /** What the server found wrong with the text in force. */
  fault: QueryFault | null;
  onSearch: (text: string) => void;
  inputRef?: Ref<HTMLInputElement>;
  placeholder: string;
}

/** A pause in typing this long starts the search, in milliseconds. */
const PAUSE_MS = 450;

/**
 * The search box: words and `key:value` terms, completed while one types. A fault is underlined where it stands and told
 * below; as long as there is one, nothing is searched for by itself.
 */
export function QueryBox({ text, values, fault, onSearch, inputRef, placeholder }: QueryBoxProps) {
  const [typed, setTyped] = useState(text);
  const [caret, setCaret] = useState(-1);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const input = useRef<HTMLInputElement | null>(null);
  const marks = useRef<HTMLDivElement>(null);
  const listId = useId();
  const placeCaret = useRef<number | null>(null);

  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text || queryFaults(typed).length > 0) return;
    const timer = setTimeout(() => onSearch(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, text, onSearch]);
  useLayoutEffect(() => {
    if (placeCaret.current === null) return;
    input.current?.setSelectionRange(placeCaret.current, placeCaret.current);
    placeCaret.current = null;
  });

  const own = queryFaults(typed, open ? caret : -1);
  const faults = own.length > 0 ? own : typed === text && fault !== null ? [fault] : [];
  const offers = open && caret >= 0 ? suggest(typed, caret, values) : [];
  const take = (offer: QuerySuggestion) => {
    const after = applySuggestion(typed, offer);
    setTyped(after.text);
    setCaret(after.caret);
    setChosen(-1);
    placeCaret.current = after.caret;
    input.current?.focus();
  };
  const search = () => {
    setOpen(false);
    onSearch(typed.trim());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && offers.length > 0) setChosen((chosen + step + offers.length + 1) % (offers.length + 1));
    else if (event.key === 'Tab' && !event.shiftKey && offers[Math.max(0, chosen)] !== undefined && typed !== '')
      take(offers[Math.max(0, chosen)]!);
    else if (event.key === 'Enter') {
      const offer = offers[chosen];
      if (offer === undefined) search();
      else take(offer);
    } else if (event.key === 'Escape') {
      if (open && offers.length > 0) setOpen(false);
      else input.current?.blur();
    } else return;
    event.preventDefault();
  };
  const follow = () => {
    if (marks.current !== null && input.current !== null) marks.current.scrollLeft = input.current.scrollLeft;
    setCaret(input.current?.selectionStart ?? -1);
  };
  return (
    <search className={classes.box}>
      <IconSearch size={15} className={classes.icon} aria-hidden />
      <div ref={marks} className={classes.marks} aria-hidden>
        {markUp(typed, faults)}
      </div>
      <input
        ref={(element) => {
          input.current = element;
          if (typeof inputRef === 'function') inputRef(element);
          else if (inputRef) inputRef.current = element;
        }}
        className={classes.input}
        value={typed}
        placeholder={placeholder}
        aria-label="Search errors"
        role="combobox"
        aria-expanded={offers.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={offers[chosen] === undefined ? undefined : `${listId}-${chosen}`}
        aria-invalid={faults.length > 0}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        maxLength={500}
        enterKeyHint="search"
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setCaret(event.currentTarget.selectionStart ?? -1);
          setOpen(true);
          setChosen(-1);
        }}
        onFocus={() => {
          setOpen(true);
          follow();
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
        onSelect={follow}
        onScroll={follow}
      />
      {typed === '' ? (
        <span className={classes.hint} aria-hidden>
          <KeyHint keys="/" />
        </span>
      ) : (
        <ActionIcon
          size="sm"
          className={classes.clear ?? ''}
          aria-label="Clear the search"
          onClick={() => {
            setTyped('');
            onSearch('');
          }}
        >
          <IconX size={14} />
        </ActionIcon>
      )}
      <div className={classes.under}>
        {faults[0] === undefined ? null : (
          <p className={classes.fault} role="alert">
            {faults[0].message}
          </p>
        )}
        {offers.length > 0 ? (
          <div id={listId} role="listbox" aria-label="Suggestions" className={classes.offers}>
            {offers.map((offer, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled where the focus is, in the box
              // biome-ignore lint/a11y/useFocusableInteractive: the box keeps the focus and names the chosen one
              <div
                key={offer.label}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === chosen}
                className={classes.offer}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => take(offer)}
              >
                <span className={classes.offerLabel}>{offer.label}</span>
                <span className={classes.offerHint}>{offer.hint}</span>
              </div>
            ))}
          </div>
        ) : null}
      </div>
    </search>
  );
}

/** The text once more, invisible, with its faults underlined. */
function markUp(text: string, faults: readonly QueryFault[]) {
  const [fault] = faults;
  if (fault === undefined) return text;
  const end = Math.max(fault.end, fault.start + 1);
  return (
    <>
      {text.slice(0, fault.start)}
      <mark className={classes.wrong}>{text.slice(fault.start, end) || '\u00a0'}</mark>
      {text.slice(end)}
    </>
  );
}
