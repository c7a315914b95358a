import { Button } from '@mantine/core';
import classes from './more-rows.module.css';

/** Below a list that goes on: fetches the next page. `failed`: why the last attempt brought nothing, null if it did. */
export function MoreRows({
  loading,
  failed = null,
  label = 'Show more',
  onMore,
}: {
  loading: boolean;
  failed?: string | null;
  label?: string;
  onMore: () => void;
}) {
  return (
    <div className={classes.more}>
      <Button variant="default" loading={loading} onClick={onMore}>
        {failed === null ? label : 'Try again'}
      </Button>
      {failed === null ? null : <span role="alert">{failed}</span>}
    </div>
  );
}
