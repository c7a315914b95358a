import { LiveRate_EventDocument } from '@errata/schema';
import { SegmentedControl } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { isDisconnected, useConnection } from '../../lib/connection.ts';
import { useLive } from '../../lib/live.ts';
import { Chart } from '../../ui/chart.tsx';
import { formatWhole } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import classes from './live-rate.module.css';
import { RateCounter, type RatePoint, rateText } from './rate.ts';

/** What {@link LiveRate} takes. */
export interface LiveRateProps {
  projectIds: readonly string[] | undefined;
  /** The server's counts per minute of the last hour. */
  minutes: readonly RatePoint[];
  /** Something came in; `isNew`: an error never seen before. */
  onEvent: (isNew: boolean) => void;
}

/** Events as they come in: a moving chart per second or per minute, counted here from the subscription. */
export function LiveRate({ projectIds, minutes, onEvent }: LiveRateProps) {
  const [unit, setUnit] = useState<'second' | 'minute'>('minute');
  const [now, setNow] = useState(() => Date.now());
  const scope = projectIds?.join(',') ?? '';
  const counter = useRef<{ scope: string; rate: RateCounter }>({ scope, rate: new RateCounter() });
  if (counter.current.scope !== scope) counter.current = { scope, rate: new RateCounter() };
  const { rate } = counter.current;
  const { state } = useConnection();
  const cut = isDisconnected(state);

  useEffect(() => rate.seed(minutes), [rate, minutes]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setNow(Date.now());
    }, 1_000);
    return () => clearInterval(timer);
  }, []);
  useLive(LiveRate_EventDocument, {
    variables: { filter: projectIds === undefined ? null : { projectIds: [...projectIds] } },
    position: ({ errorEventReceived }) => errorEventReceived.id,
    onData: ({ errorEventReceived }, { missed }) => {
      rate.add(Date.parse(errorEventReceived.receivedAt), 1 + missed);
      onEvent(errorEventReceived.isNew);
    },
  });

  const points = unit === 'second' ? rate.seconds(now) : rate.minutes(now);
  const label = unit === 'second' ? 'Events per second, last 2 minutes' : 'Events per minute, last hour';
  return (
    <Panel
      title="Live rate"
      note={cut ? 'cut off; counted later' : label.toLowerCase()}
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Unit of the rate"
          value={unit}
          onChange={(value) => setUnit(value as 'second' | 'minute')}
          data={[
            { value: 'minute', label: 'Minute' },
            { value: 'second', label: 'Second' },
          ]}
        />
      }
    >
      <div className={classes.now} data-cut={cut || undefined}>
        <span className={classes.number}>{rateText(unit === 'second' ? rate.perSecond(now) : rate.perMinute(now))}</span>
        <span className="er-dim">events per {unit} now</span>
      </div>
      <Chart
        kind={unit === 'second' ? 'area' : 'bar'}
        height={148}
        label={label}
        legend={false}
        format={formatWhole}
        series={[{ name: 'Events', tone: 'blue', points }]}
      />
    </Panel>
  );
}
