import { Button, Combobox, useCombobox } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import classes from './filter-menu.module.css';
import { HostileText } from './hostile-text.tsx';

/** One value of a filter. */
export interface FilterOption {
  value: string;
  label: string;
  /** Drawn instead of the plain label. */
  shown?: ReactNode;
}

/** What {@link FilterMenu} takes. */
export interface FilterMenuProps {
  /** What is filtered: "Level". */
  name: string;
  options: readonly FilterOption[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  /** One at most: choosing closes the list, choosing again takes it back. */
  single?: boolean;
  /** Said on the button when nothing is chosen; the name by default. */
  any?: string;
  /** Words on the button instead of the labels of what is chosen. */
  summary?: string;
  /** False when what is chosen is what one gets anyway; then the button stays quiet. */
  narrows?: boolean;
  /** As wide as what holds it, for the drawer of a narrow screen. */
  wide?: boolean;
}

const SEARCH_FROM = 8;
const SHOWN_AT_MOST = 200;

/** A button that opens a list of values to tick; with many values a field narrows them. */
export function FilterMenu({
  name,
  options,
  chosen,
  onChange,
  single = false,
  any = name,
  summary,
  wide = false,
  narrows = chosen.length > 0,
}: FilterMenuProps) {
  const [text, setText] = useState('');
  const box = useCombobox({
    onDropdownClose: () => {
      setText('');
      box.resetSelectedOption();
    },
    onDropdownOpen: () => (options.length >= SEARCH_FROM ? box.focusSearchInput() : box.selectFirstOption()),
  });
  const wanted = text.trim().toLowerCase();
  const near = options.filter(({ label, value }) => `${label} ${value}`.toLowerCase().includes(wanted));
  // What the address names but the server no longer offers can still be taken away.
  const strange = chosen
    .filter((value) => !options.some((option) => option.value === value))
    .map((value) => ({ value, label: value }));
  const shown: readonly FilterOption[] = [...strange, ...near.slice(0, SHOWN_AT_MOST)];
  const toggle = (value: string) => {
    const had = chosen.includes(value);
    if (single) {
      onChange(had ? [] : [value]);
      box.closeDropdown();
    } else onChange(had ? chosen.filter((each) => each !== value) : [...chosen, value]);
  };
  const labels = chosen.map((value) => options.find((option) => option.value === value)?.label ?? value);
  const said = summary ?? (labels.length === 0 ? any : labels.length === 1 ? labels[0] : `${labels[0]} +${labels.length - 1}`);
  return (
    <Combobox store={box} onOptionSubmit={toggle} position="bottom-start" width={wide ? 'target' : 264} shadow="md" withinPortal>
      <Combobox.Target targetType="button">
        <Button
          variant="default"
          fullWidth={wide}
          justify={wide ? 'space-between' : 'center'}
          rightSection={<IconChevronDown size={13} />}
          data-chosen={narrows || undefined}
          className={classes.button}
          classNames={{ label: classes.label }}
          aria-label={`${name}: ${labels.length === 0 ? 'any' : labels.join(', ')}`}
          onClick={() => box.toggleDropdown()}
        >
          {wide && labels.length > 0 ? `${name}:\u00a0` : ''}
          <HostileText text={said ?? any} />
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        {options.length >= SEARCH_FROM ? (
          <Combobox.Search
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            placeholder={`Find: ${name.toLowerCase()}`}
            aria-label={`Find: ${name}`}
          />
        ) : null}
        <Combobox.Options mah={300} className={classes.options} aria-label={name}>
          {shown.map(({ value, label, shown: drawn }) => (
            <Combobox.Option key={value} value={value} active={chosen.includes(value)} className={classes.option}>
              <span className={classes.check}>{chosen.includes(value) ? <IconCheck size={14} aria-label="chosen" /> : null}</span>
              <span className={classes.text}>{drawn ?? <HostileText text={label} />}</span>
            </Combobox.Option>
          ))}
          {shown.length === 0 ? (
            <Combobox.Empty>{options.length === 0 ? 'Nothing to choose from yet' : 'Nothing is called that'}</Combobox.Empty>
          ) : null}
          {near.length > SHOWN_AT_MOST ? <Combobox.Empty>Type to see more of {near.length}</Combobox.Empty> : null}
        </Combobox.Options>
        {chosen.length > 0 ? (
          <Combobox.Footer p={4}>
            <Button
              variant="subtle"
              color="gray"
              fullWidth
              onClick={() => {
                onChange([]);
                box.closeDropdown();
              }}
            >
              Any
            </Button>
          </Combobox.Footer>
        ) : null}
      </Combobox.Dropdown>
    </Combobox>
  );
}
