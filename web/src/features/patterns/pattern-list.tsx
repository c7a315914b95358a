import type { PatternFieldsFragment } from '@errata/schema';
import { ActionIcon, Menu, Switch } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconCopy, IconDots, IconGripVertical, IconPencil, IconTrash } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { ToneBadge } from '../../ui/badges.tsx';
import { TextButton } from '../../ui/text-button.tsx';
import { CONTINUATIONS } from './draft.ts';
import { PatternLevel } from './pattern-level.tsx';
import classes from './pattern-list.module.css';
import shared from './patterns.module.css';

/** What the list asks for; it does nothing by itself. */
export interface PatternListProps {
  patterns: readonly PatternFieldsFragment[];
  mayWrite: boolean;
  onOpen: (pattern: PatternFieldsFragment) => void;
  onMove: (from: number, to: number) => Promise<void>;
  onEnable: (pattern: PatternFieldsFragment, enabled: boolean) => void;
  onDuplicate: (pattern: PatternFieldsFragment) => void;
  onDelete: (pattern: PatternFieldsFragment) => void;
}

/** Patterns in the order they are asked. Rows move by dragging, by Alt and an arrow key, or from their menu. */
export function PatternList(props: PatternListProps) {
  const { patterns, mayWrite, onMove } = props;
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const move = async (from: number, to: number) => {
    if (to < 0 || to >= patterns.length) return;
    setSaid(`${patterns[from]?.content.name}: place ${to + 1} of ${patterns.length}`);
    await onMove(from, to);
  };
  const drop = (to: number) => {
    if (dragged !== null) void move(dragged, to);
    setDragged(null);
    setOver(null);
  };
  return (
    <>
      <ol className={classes.list} aria-label="Patterns, in the order they are asked">
        {patterns.map((pattern, index) => (
          <li
            key={pattern.id}
            className={classes.row}
            data-off={!pattern.content.enabled || undefined}
            data-over={(over === index && dragged !== index) || undefined}
            data-dragged={dragged === index || undefined}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              setOver(index);
            }}
            onDrop={(event) => {
              event.preventDefault();
              drop(index);
            }}
          >
            <Handle
              name={pattern.content.name}
              index={index}
              mayWrite={mayWrite}
              onMove={move}
              onDrag={setDragged}
              onEnd={() => {
                setDragged(null);
                setOver(null);
              }}
            />
            <RowText pattern={pattern} onOpen={() => props.onOpen(pattern)} />
            <Switch
              size="xs"
              aria-label={`${pattern.content.name} is on`}
              checked={pattern.content.enabled}
              disabled={!mayWrite}
              onChange={(event) => props.onEnable(pattern, event.currentTarget.checked)}
            />
            <RowMenu {...props} pattern={pattern} index={index} onMove={move} />
          </li>
        ))}
      </ol>
      <span className="er-sr-only" role="status">
        {said}
      </span>
    </>
  );
}

function Handle({
  name,
  index,
  mayWrite,
  onMove,
  onDrag,
  onEnd,
}: {
  name: string;
  index: number;
  mayWrite: boolean;
  onMove: (from: number, to: number) => Promise<void>;
  onDrag: (index: number) => void;
  onEnd: () => void;
}) {
  if (!mayWrite) return <span className={classes.place}>{index + 1}</span>;
  const press = (event: KeyboardEvent<HTMLButtonElement>) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    void onMove(index, index + (event.key === 'ArrowUp' ? -1 : 1));
  };
  return (
    <button
      type="button"
      className={classes.handle}
      draggable
      aria-label={`Move ${name}, place ${index + 1}`}
      title="Drag, or press the arrow keys"
      onKeyDown={press}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', name);
        onDrag(index);
      }}
      onDragEnd={onEnd}
    >
      <IconGripVertical size={14} aria-hidden />
      <span>{index + 1}</span>
    </button>
  );
}

function RowText({ pattern, onOpen }: { pattern: PatternFieldsFragment; onOpen: () => void }) {
  const { content } = pattern;
  return (
    <div className={classes.rowText}>
      <span className={classes.rowHead}>
        <TextButton look="name" onClick={onOpen}>
          {content.name}
        </TextButton>
        <PatternLevel level={content.level} />
        {content.category !== null && <ToneBadge tone="grey">{content.category}</ToneBadge>}
        {content.continuation !== 'NONE' && (
          <span className={shared.hint} title={`Joins lines: ${CONTINUATIONS[content.continuation]}`}>
            multi-line
          </span>
        )}
        {!content.enabled && <span className={shared.hint}>off</span>}
      </span>
      <code className={classes.expression} title={content.expression}>
        {content.expression}
      </code>
    </div>
  );
}

function RowMenu({
  pattern,
  patterns,
  index,
  mayWrite,
  onOpen,
  onMove,
  onDuplicate,
  onDelete,
}: PatternListProps & { pattern: PatternFieldsFragment; index: number }) {
  if (!mayWrite) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`Change ${pattern.content.name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => onOpen(pattern)}>
          Edit
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => onDuplicate(pattern)}>
          Duplicate
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowUp size={15} />} disabled={index === 0} onClick={() => onMove(index, index - 1)}>
          Move up
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={15} />}
          disabled={index === patterns.length - 1}
          onClick={() => onMove(index, index + 1)}
        >
          Move down
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => onDelete(pattern)}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
