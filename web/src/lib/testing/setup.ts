import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';
import { register } from '@/lib/i18n';
import * as en from '@/lib/i18n/en';

register(en);
afterEach(cleanup);
