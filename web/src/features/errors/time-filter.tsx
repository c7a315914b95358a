import { Button, Popover } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useDisplay } from '../../ui/display.tsx';
import { formatDate } from '../../ui/format.ts';
import type { TimeRange } from './errors-search.ts';
import menu from './filter-menu.module.css';
import classes from './time-filter.module.css';

/** Narrows the list to errors seen in a span of time: a named one, or two days. */
export function TimeFilter({
  range,
  choices,
  onChange,
  wide,
}: {
  range: TimeRange | null;
  choices: readonly { key: string; hours: number; label: string }[];
  onChange: (range: TimeRange | null) => void;
  wide: boolean;
}) {
  const [open, setOpen] = useState(false);
  const { timeZone } = useDisplay();
  const hours = range !== null && 'hours' in range ? range.hours : null;
  const days = range !== null && 'from' in range ? range : null;
  const day = (at: number | null): string => (at === null ? '…' : formatDate(at, timeZone));
  const named = choices.find((choice) => choice.hours === hours)?.label;
  const said = named ?? (days === null ? 'Any time' : `${day(days.from)} – ${day(days.to)}`);
  const choose = (next: TimeRange | null) => {
    onChange(next);
    setOpen(false);
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={wide ? 'target' : 248} trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          fullWidth={wide}
          justify={wide ? 'space-between' : 'center'}
          rightSection={<IconChevronDown size={13} />}
          className={menu.button}
          data-chosen={range !== null || undefined}
          aria-label={`Seen: ${said}`}
          onClick={() => setOpen((before) => !before)}
        >
          {said}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={6}>
        {[{ key: 'any', hours: null, label: 'Any time' }, ...choices].map((choice) => (
          <button
            key={choice.key}
            type="button"
            className={classes.choice}
            aria-pressed={days === null && choice.hours === hours}
            onClick={() => choose(choice.hours === null ? null : { hours: choice.hours })}
          >
            <span className={menu.check}>
              {days === null && choice.hours === hours ? <IconCheck size={14} aria-hidden /> : null}
            </span>
            {choice.label}
          </button>
        ))}
        <form
          className={classes.days}
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            const from = dayStart(form.get('from'));
            const to = dayStart(form.get('to'));
            if (from === null && to === null) return;
            // The last day is meant as a whole.
            choose({ from, to: to === null ? null : to + 86_400_000 - 1 });
          }}
        >
          <label>
            Seen from
            <input type="date" name="from" defaultValue={inputDay(days?.from ?? null)} />
          </label>
          <label>
            to
            <input type="date" name="to" defaultValue={inputDay(days?.to ?? null)} />
          </label>
          <Button type="submit" variant="light">
            Apply
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function dayStart(value: FormDataEntryValue | null): number | null {
  if (typeof value !== 'string' || value === '') return null;
  const at = new Date(`${value}T00:00:00`).getTime();
  return Number.isNaN(at) ? null : at;
}

function inputDay(at: number | null): string {
  if (at === null) return '';
  const date = new Date(at);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
