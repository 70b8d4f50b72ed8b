/** A person's way: from the first start to a verdict, in one browser and on one server. */

import { readFile } from 'node:fs/promises';

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { en } from '../src/i18n/en';
import { zh } from '../src/i18n/zh';
import { en as lab } from '../src/lab/i18n/en';
import { zh as labZh } from '../src/lab/i18n/zh';
import { en as operation } from '../src/operation/i18n/en';
import { en as teaching } from '../src/teaching/i18n/en';
import { launch, Visitor } from './browser';
import { Lyceum } from './lyceum';
import { project } from './project';
import * as steps from './steps';

const COURSE = '/courses/zero-to-large-models';
const LINEAR = `${COURSE}/units/linear-regression`;

const courseFile = (path: string) => readFile(project('courses/zero-to-large-models', path), 'utf8');

let server: Lyceum;
let browser: Browser;
let owner: Visitor;
let ada: Visitor;
let bob: Visitor;

beforeAll(async () => {
  [server, browser] = await Promise.all([Lyceum.start(), launch()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test('the first start prints a link that makes the owner, once', async () => {
  owner = await Visitor.of(browser, server.address);
  expect(server.setup).not.toBeNull();
  await owner.page.goto(server.setup!);
  await steps.makeAccount(owner, 'owner', 'Olga Owner');
  await owner.page.getByRole('heading', { level: 1, name: en.home.hello('Olga Owner') }).waitFor();

  const second = await Visitor.of(browser, server.address);
  await second.page.goto(server.setup!);
  await steps.makeAccount(second, 'intruder', 'Ivan');
  await second.page.getByText(en.errors.setup_over).or(second.page.getByText(en.errors.owner_exists)).waitFor();
});

test('an invitation lets two learners in', async () => {
  const link = await steps.invite(owner, 'learner', 2);
  ada = await Visitor.of(browser, server.address);
  await ada.open(link);
  await steps.makeAccount(ada, 'ada', 'Ada');
  await ada.page.getByRole('heading', { level: 1, name: en.home.hello('Ada') }).waitFor();
  bob = await Visitor.of(browser, server.address);
  await bob.open(link);
  await steps.makeAccount(bob, 'bob', 'Bob');
  await bob.page.getByRole('heading', { level: 1, name: en.home.hello('Bob') }).waitFor();

  const third = await Visitor.of(browser, server.address);
  await third.open(link);
  await third.page.getByText(en.errors.invitation_used_up).waitFor();
});

test('a question of a lesson is answered in place, and the answer is still there later', async () => {
  await ada.open(LINEAR);
  await ada.page.locator('math').first().waitFor();
  const question = ada.page.locator('form.question').first();
  await question.getByRole('radio').first().or(question.getByRole('textbox')).first().waitFor();
  if ((await question.getByRole('radio').count()) > 0) await question.getByRole('radio').last().check();
  else await question.getByRole('textbox').fill('3');
  await question.getByRole('button', { name: en.question.check }).click();
  await question.getByText(en.question.right).or(question.getByText(en.question.wrong)).first().waitFor();
  await ada.page.reload();
  await question.getByText(en.question.tries(1)).waitFor();
});

test('from the starter to a wrong answer, a hint, and a pass, with the plot moving', async () => {
  const { page } = ada;
  await ada.open(`${LINEAR}/lab`);
  await steps.editor(ada).waitFor();

  // What nobody has written yet does not pass, and says where to begin.
  await steps.submit(ada);
  await steps.verdict(ada, lab.verdict.failed, lab.verdict.error);
  await page.getByRole('button', { name: lab.verdict.hint }).first().click();
  await page.getByText(lab.verdict.hintLabel(1, 3)).or(page.getByText(lab.verdict.hintLabel(1, 2))).first().waitFor();

  // A known wrong answer is told from a right one.
  await steps.write(ada, await steps.mutant('linear-regression'));
  await steps.submit(ada);
  await steps.verdict(ada, lab.verdict.failed);

  // A long training: the curve grows while it runs.
  await steps.write(ada, steps.slowTraining);
  await page.getByRole('button', { name: lab.actions.run, exact: true }).click();
  const curve = page.getByRole('img', { name: /loss/ }).first();
  await curve.waitFor();
  const before = await curve.getAttribute('aria-label');
  await expect.poll(() => curve.getAttribute('aria-label'), { timeout: 15_000 }).not.toBe(before);
  await ada.picture('lab-running');

  // Reload in mid-run: the run goes on, nothing of it is lost.
  await page.reload();
  await page.getByRole('log').getByText('step 0 of the slow training').waitFor();
  await curve.waitFor();
  await page.getByRole('log').getByText('the slow training is over').waitFor({ timeout: 60_000 });

  await steps.write(ada, await courseFile('linear-regression/solution.py'));
  await steps.submit(ada);
  await steps.verdict(ada, lab.verdict.passed);
  await ada.picture('lab-passed');
});

test('what is typed is not lost on reload', async () => {
  await ada.open(`${LINEAR}/lab`);
  await steps.write(ada, '# half a thought');
  await ada.page.reload();
  await steps.editor(ada).getByText('# half a thought').waitFor();
});

test('a run can be stopped', async () => {
  await steps.write(ada, 'while True:\n    pass\n');
  await ada.page.getByRole('button', { name: lab.actions.run, exact: true }).click();
  await ada.page.getByRole('button', { name: lab.actions.stop }).click();
  await ada.page.getByText(lab.phase.stopped).first().waitFor({ timeout: 20_000 });
});

test('an error is shown at the learner’s own line', async () => {
  await steps.write(ada, 'import torch\n\nx = torch.ones(2, 3)\ny = x @ x\n');
  await ada.page.getByRole('button', { name: lab.actions.run, exact: true }).click();
  await ada.page.getByText('RuntimeError').first().waitFor();
  await ada.page.getByRole('button', { name: lab.lines.go(4) }).first().waitFor();
});

test('the X-ray shows the graph of a network', async () => {
  await steps.write(ada, steps.smallNetwork);
  await ada.page.getByRole('button', { name: lab.actions.xray }).click();
  await steps.ended(ada);
  await ada.page.getByRole('tab', { name: lab.views.xray }).click();
  await ada.page.getByText(lab.xray.graph).first().waitFor();
  await ada.page.getByRole('button', { name: lab.views.larger }).click();
  await ada.picture('xray');
  await ada.page.getByRole('button', { name: lab.views.smaller }).click();
});

test('the CNN lab passes, and shows a confusion matrix of hidden digits', async () => {
  await ada.open(`${COURSE}/units/cnn/lab`);
  await steps.write(ada, await courseFile('cnn/solution.py'));
  await steps.submit(ada);
  await steps.verdict(ada, lab.verdict.passed);
  await ada.page.getByRole('tab', { name: lab.views.model }).click();
  await ada.page.getByText(lab.exhibit.confusion.worst).or(ada.page.getByText(lab.exhibit.confusion.text)).first().waitFor();
  await ada.picture('confusion');
});

test('the language changes everywhere at once', async () => {
  await ada.page.getByRole('button', { name: en.language.other }).first().click();
  await ada.page.getByRole('button', { name: labZh.actions.submit }).waitFor();
  expect(await ada.page.getAttribute('html', 'lang')).toMatch(/^zh/);
  await ada.open('/');
  await ada.page.getByText(zh.home.skills).first().waitFor();
  const text = await ada.page.locator('main').innerText();
  expect(text).not.toContain(en.home.recent);
  await ada.page.getByRole('button', { name: zh.language.en }).first().click();
  await ada.page.getByText(en.home.skills).first().waitFor();
});

test('two learners cannot see each other', async () => {
  const mine = await steps.api(ada, 'GET', '/api/recent');
  const id = (mine as { id: string }[])[0]!.id;
  await expect(steps.api(bob, 'GET', `/api/submissions/${id}`)).rejects.toThrow('404');
  await expect(steps.api(bob, 'DELETE', `/api/submissions/${id}`)).rejects.toThrow('404');
  await bob.open(`${LINEAR}/lab`);
  await steps.editor(bob).waitFor();
  expect(await steps.editor(bob).innerText()).not.toContain('half a thought');
});

test('an instructor sees where learners are, and what they sent', async () => {
  const { page } = owner;
  await owner.open('/teaching');
  await page.getByLabel(teaching.newCohort).fill('Evening group');
  await page.getByRole('button', { name: teaching.create, exact: true }).click();
  await page.getByLabel(teaching.people.add).fill('ADA');
  await page.getByRole('button', { name: teaching.people.add }).click();
  await page.getByRole('listitem').getByRole('link', { name: 'Ada' }).waitFor();

  await page.getByRole('link', { name: teaching.view.progress }).click();
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'Ada' }) });
  await row.getByText(/^passed, /).first().waitFor();
  await owner.picture('cohort');
  await page.getByRole('link', { name: teaching.view.checks }).click();
  await page.getByRole('table', { name: teaching.checks.caption }).waitFor();
  await owner.picture('checks');

  await page.getByRole('link', { name: teaching.view.progress }).click();
  await row.getByRole('link', { name: 'Ada' }).click();
  await page.getByRole('heading', { level: 1, name: 'Ada' }).waitFor();
  await page.getByRole('button', { name: teaching.learner.show }).last().click();
  await page.getByRole('heading', { name: teaching.learner.code }).waitFor();
  await owner.picture('learner');
});

test('an operator sees who there is, and what was done', async () => {
  await owner.open('/operation?view=users');
  await owner.page.getByRole('row').filter({ hasText: 'ada' }).waitFor();
  await owner.picture('users');
  await owner.open('/operation?view=audit');
  await owner.page.getByText(operation.audit.actions['cohort.create']).waitFor();
  await owner.open('/operation');
  await owner.page.getByRole('heading', { name: operation.status.queue }).waitFor();
  await owner.picture('operation');
});

test('a crash in mid-run loses nothing', async () => {
  await ada.open(`${LINEAR}/lab`);
  await steps.write(ada, steps.slowTraining);
  await steps.submit(ada);
  await ada.page.getByRole('log').getByText('step 0 of the slow training').waitFor();
  await server.crash();
  // It begins anew, and the page shows its verdict when it has one.
  await steps.verdict(ada, lab.verdict.failed, lab.verdict.error);
  await ada.page.getByRole('tab', { name: lab.views.run, exact: true }).click();
  await ada.page.getByRole('log').getByText('the slow training is over').waitFor();
});

test('nothing went wrong on any page', () => {
  const lost = /net::ERR_(CONNECTION_REFUSED|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET)/;
  // The crash is noticed, and requests that are refused are refused aloud.
  const expected = (line: string) => lost.test(line) || /status of 4(01|04|09|10)/.test(line);
  for (const visitor of [owner, ada, bob]) {
    expect(visitor.wrong.filter((line) => !expected(line))).toEqual([]);
  }
});
