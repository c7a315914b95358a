import { useApolloClient, useMutation } from '@apollo/client/react';
import { DeleteMonitorDocument, type MonitorFieldsFragment, UpdateMonitorDocument } from '@errata/schema';
import { useCallback } from 'react';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { toast } from '../../ui/toast.tsx';

type Flags = { isPaused?: boolean; isMuted?: boolean };

/** Pausing, muting (both with a way back) and deleting a monitor. */
export function useMonitorActs() {
  const client = useApolloClient();
  const [update] = useMutation(UpdateMonitorDocument);
  const [remove] = useMutation(DeleteMonitorDocument);
  const set = useCallback(
    async (monitor: Pick<MonitorFieldsFragment, 'id' | 'name'>, flags: Flags, words: string) => {
      const write = async (input: Flags) => {
        resultOf((await update({ variables: { id: String(monitor.id), input } })).data?.updateMonitor);
      };
      try {
        await write(flags);
        const back = Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, !value]));
        toast({ message: `“${monitor.name}” ${words}.`, undo: () => write(back), id: `monitor ${monitor.id}` });
      } catch (error) {
        toast({ message: messageOf(error), kind: 'failed' });
      }
    },
    [update],
  );
  return {
    pause: (monitor: MonitorFieldsFragment) =>
      set(monitor, { isPaused: !monitor.isPaused }, monitor.isPaused ? 'is judged again' : 'is paused'),
    mute: (monitor: MonitorFieldsFragment) =>
      set(monitor, { isMuted: !monitor.isMuted }, monitor.isMuted ? 'makes errors again' : 'makes no errors now'),
    /** Answers whether it is gone. */
    async delete(monitor: Pick<MonitorFieldsFragment, 'id' | 'name'>): Promise<boolean> {
      try {
        resultOf((await remove({ variables: { id: String(monitor.id) } })).data?.deleteMonitor);
        client.cache.evict({ id: client.cache.identify({ __typename: 'Monitor', id: String(monitor.id) }) ?? '' });
        toast({ message: `“${monitor.name}” is deleted.` });
        return true;
      } catch (error) {
        toast({ message: messageOf(error), kind: 'failed' });
        return false;
      }
    },
  };
}
