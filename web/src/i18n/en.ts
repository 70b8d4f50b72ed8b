/** The page's own words in English. Has the keys of `zh.ts`. */

import type { Like } from '$lib/i18n/language.svelte';

import type { zh } from './zh';

export const en: Like<typeof zh> = {
  name: 'Lyceum',
  skip: 'Skip to the content',
  loading: 'Loading …',
  nav: {
    label: 'Main',
    home: 'Home',
    courses: 'Courses',
    teaching: 'Teaching',
    operation: 'Operation',
    account: 'Account',
    login: 'Log in',
    logout: 'Log out',
  },
  language: {
    label: 'Language',
    other: '中文',
  },
  theme: {
    label: 'Appearance',
    system: 'As the system',
    light: 'Light',
    dark: 'Dark',
  },
  retry: 'Try again',
  back: 'Back to the start',
  cancel: 'Cancel',
  close: 'Close',
  lost: {
    heading: 'The page did not load',
    notFound: 'There is no such page',
    notFoundText: 'The address may be mistyped, or the page has moved.',
    forbidden: 'This page is not open to you',
    forbiddenText: 'Your account has no right to see it. Ask an operator if you need it.',
  },
  errors: {
    offline: 'The server cannot be reached. Check your connection; nothing of yours is lost.',
    unavailable: 'The server does not answer just now. Try again in a moment.',
    unexpected: 'Something unexpected went wrong.',
    request: (id) => `Request ${id}`,
  },
};
