import { Button } from '@mantine/core';
import classes from './more-rows.module.css';

/** Below a list that goes on: fetches the next page. `failed`: why the last attempt brought nothing, null if it did. */
export function MoreRows({ loading, failed = null, onMore }: { loading: boolean; failed?: string | null; onMore: () => void }) {
  return (
    <div className={classes.more}>
      <Button variant="default" loading={loading} onClick={onMore}>
        {failed === null ? 'Show more' : 'Try again'}
      </Button>
      {failed === null ? null : <span role="alert">{failed}</span>}
    </div>
  );
}
