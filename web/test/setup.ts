import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

afterEach(cleanup);

// happy-dom has no fonts to wait for; text areas that grow ask them.
if (!('fonts' in document)) Object.defineProperty(document, 'fonts', { value: new EventTarget() });

// A busy machine is slow, not wrong: what is waited for may take its time.
configure({ asyncUtilTimeout: 5_000 });
