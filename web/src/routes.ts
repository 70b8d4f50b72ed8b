/** Every page: its address, who it is for, and the file that is loaded for it. */

import type { Component } from 'svelte';

import { match, type Params } from '$lib/router/match';
import type { Role } from '$lib/api/types';

export interface PageProps {
  params: Params;
}

/** A page's component. Those with nothing in their address take no properties, so their type says nothing of them. */
export type Page = Component<any>;

type Load = () => Promise<{ default: Page }>;

export interface Route {
  pattern: string;
  /** Who may see it; `anyone` needs no account. */
  role: Role | 'anyone';
  load: Load;
  /** Whether the page uses the window's whole width and height. */
  wide?: boolean;
}

export const routes: Route[] = [
  { pattern: '/', role: 'learner', load: () => import('./pages/HomePage.svelte') },
  { pattern: '/login', role: 'anyone', load: () => import('./pages/LoginPage.svelte') },
  { pattern: '/setup', role: 'anyone', load: () => import('./pages/SetupPage.svelte') },
  { pattern: '/join', role: 'anyone', load: () => import('./pages/JoinPage.svelte') },
  { pattern: '/account', role: 'learner', load: () => import('./pages/AccountPage.svelte') },
  { pattern: '/courses', role: 'learner', load: () => import('./pages/CoursesPage.svelte') },
  { pattern: '/courses/:course', role: 'learner', load: () => import('./pages/CoursePage.svelte') },
  { pattern: '/courses/:course/units/:unit', role: 'learner', load: () => import('./pages/LessonPage.svelte') },
  {
    pattern: '/courses/:course/units/:unit/lab',
    role: 'learner',
    wide: true,
    load: () => import('./lab/LabPage.svelte'),
  },
  { pattern: '/teaching', role: 'instructor', load: () => import('./pages/TeachingPage.svelte') },
  { pattern: '/teaching/cohorts/:cohort', role: 'instructor', load: () => import('./pages/CohortPage.svelte') },
  { pattern: '/teaching/learners/:learner', role: 'instructor', load: () => import('./pages/LearnerPage.svelte') },
  {
    pattern: '/teaching/courses/:course/problems',
    role: 'instructor',
    load: () => import('./pages/ProblemsPage.svelte'),
  },
  { pattern: '/operation', role: 'operator', load: () => import('./pages/OperationPage.svelte') },
];

export interface Found {
  route: Route;
  params: Params;
}

/** Returns the page at a path. */
export function find(path: string): Found | null {
  for (const route of routes) {
    const params = match(route.pattern, path);
    if (params) return { route, params };
  }
  return null;
}
