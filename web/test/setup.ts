import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

afterEach(cleanup);

// A busy machine is slow, not wrong: what is waited for may take its time.
configure({ asyncUtilTimeout: 5_000 });
