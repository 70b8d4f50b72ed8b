import { get } from './client';
import type { Status } from './types';

export const status = (signal?: AbortSignal) => get<Status>('/api/status', signal && { signal });
