/**
 * What the server's answers look like, by the names that the page uses. All of it comes from the server's own
 * description; `npm run api` brings `openapi.ts` up to date.
 */

import type { components } from './openapi';

type Schemas = components['schemas'];

export type Text = Schemas['Text'];
export type Role = Schemas['Role'];
export type Level = Schemas['Level'];

export type Account = Schemas['Account'];
export type Session = Schemas['Session'];

export type CourseCard = Schemas['CourseCard'];
export type Course = Schemas['Course'];
export type Skill = Schemas['Skill'];
export type UnitCard = Schemas['UnitCard'];
export type UnitProgress = Schemas['UnitProgress'];

export type Unit = Schemas['Unit'];
export type UnitLink = Schemas['UnitLink'];
export type Lesson = Schemas['Lesson'];
export type Section = Schemas['Section'];
export type Block = Schemas['Block'];
export type HtmlBlock = Extract<Block, { block: 'html' }>;
export type ProgramBlock = Extract<Block, { block: 'program' }>;
export type QuestionBlock = Extract<Block, { block: 'question' }>;
export type Answer = Schemas['Answer'];
export type Lab = Schemas['Lab'];
export type CheckCard = Schemas['CheckCard'];
export type Draft = Schemas['Draft'];

export type SubmissionKind = Schemas['SubmissionKind'];
export type SubmissionState = Schemas['SubmissionState'];
export type SubmissionCard = Schemas['SubmissionCard'];
export type Submission = Schemas['Submission'];
export type Grade = Schemas['Grade'];
export type TestGrade = Schemas['TestGrade'];
export type GradeStatus = Schemas['GradeStatus'];

export type Cohort = Schemas['Cohort'];
export type WholeCohort = Schemas['WholeCohort'];
export type Member = Schemas['Member'];
export type LearnerRow = Schemas['LearnerRow'];
export type CheckRate = Schemas['CheckRate'];
export type Stuck = Schemas['Stuck'];
export type Learner = Schemas['LearnerView'];
export type Problem = Schemas['Problem'];

export type InvitationFor = Schemas['Welcome'];
export type Invitation = Schemas['Invitation'];
export type NewInvitation = Schemas['NewInvitation'];
export type MadeInvitation = Schemas['MadeInvitation'];
export type NewAccount = Schemas['NewPerson'];
export type AccountChange = Schemas['Change'];
export type UserChange = Schemas['ChangeUser'];

export type Status = Schemas['Status'];
export type AuditEntry = Schemas['AuditLine'];
