import { readDay, writeDay } from './date.ts';
import type { Input } from './input.ts';
import { Refusal } from './refusal.ts';
import type { SubscriptionRow } from './subscription.ts';

/** A subscription as seed 002's create example sends it, inside a customer or alone (POST /subscriptions). */
export function readSubscriptionInput(input: Input, subscriptionID: number, customerID: number): SubscriptionRow {
  const packageID = input.wholeNumber('packageID');
  if (packageID === null) throw new Refusal(400, 'packageID is required');
  const StartDate = readDate(input, 'StartDate');
  const isFuture = StartDate !== null && Date.parse(StartDate) > Date.now();
  return {
    subscriptionID,
    customerID,
    packageID,
    packageVersionID: input.wholeNumber('packageVersionID'),
    packageVersionNumber: input.wholeNumber('packageVersionNumber'),
    // When it is invoiced first is computed by rules that are not documented; the start is the simplest guess.
    comp_nextInvDate: StartDate,
    comp_Status: isFuture ? 'future' : 'active',
    componentUsage: input.objects('componentUsage').map((usage) => ({
      componentID: usage.wholeNumber('componentID'),
      componentVersionID: usage.wholeNumber('componentVersionID'),
      componentVersionNumber: usage.wholeNumber('componentVersionNumber'),
      Memo: usage.text('Memo'),
      NumUnits: usage.number('NumUnits'),
      isSetUnits: usage.number('NumUnits') === null ? 0 : 1,
    })),
    CustomerName: null,
    EndDate: readDate(input, 'EndDate'),
    firstProrataSyncDate: readDate(input, 'firstProrataSyncDate'),
    packageRateTermID: input.wholeNumber('packageRateTermID'),
    StartDate,
    numDaysBeforeToInv: input.wholeNumber('numDaysBeforeToInv'),
    Term: input.wholeNumber('Term'),
    TermType: input.text('TermType'),
  };
}

function readDate(input: Input, name: string): string | null {
  const text = input.text(name);
  if (text === null || text === '') return null;
  const epochMs = readDay(text);
  if (epochMs === undefined) throw new Refusal(400, `${name} must be a day such as 15 Dec 2016`);
  return writeDay(epochMs);
}
