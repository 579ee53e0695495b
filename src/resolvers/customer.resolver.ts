import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, ID, Info, Int, Query, Resolver, Root } from 'type-graphql';
import { BadUserInput, BillgraphError } from '../errors.ts';
import { BillingSubscriptionConnection, CustomerConnection } from '../model/connections.ts';
import { CustomField } from '../model/custom-field.ts';
import { Customer } from '../model/customer.ts';
import { CacheHint, Paged, Partner, VendorCalls } from '../model/federation.ts';
import { CustomerFilter, SubscriptionFilter } from '../model/filters.ts';
import { readCustomerId } from '../model/ids.ts';
import { Source } from '../model/source.ts';
import { customerVersion } from '../model/version.ts';
import { type GraphqlContext, reportFailure } from './context.ts';
import { asksFor } from './look-ahead.ts';
import { DEFAULT_FIRST, readPageRequest } from './page-arguments.ts';
import { readSource } from './source.ts';
import { placesInConnection, tellUnreadable, tellUnreadableMember, tellUnreadableRows } from './unreadable-parts.ts';

/** Each is looked for in every field of every row. */
const MAX_KEYS = 100;

@Resolver(() => Customer)
export class CustomerResolver {
  @Query(() => Customer, {
    nullable: true,
    description: 'One customer by its global id; null where the account has none such.',
  })
  @Partner
  @CacheHint(60)
  @VendorCalls(1)
  customer(
    @Arg('id', () => ID, { description: 'The global id, such as "Customer:billagain:302".' }) id: string,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Customer | null> {
    return context.loaders
      .customer(readCustomerId(id), { customFields: asksForCustomFields(info) })
      .then((customer) => tellUnreadable(customer, context, info));
  }

  @Query(() => CustomerConnection, {
    description: 'Customers of all accounts, or of some, one account after another in their configured order.',
  })
  @Partner
  @CacheHint(60)
  @VendorCalls(1)
  @Paged
  async customers(
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: DEFAULT_FIRST,
      description: 'How many at the most, 1 to 200.',
    })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null,
    @Arg('accounts', () => [String], {
      nullable: true,
      description: 'The names of the accounts to look in; all where left out.',
    })
    accounts: string[] | null,
    @Arg('filter', () => CustomerFilter, { nullable: true, description: 'Which customers are wanted.' })
    filter: CustomerFilter | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CustomerConnection> {
    const page = await context.loaders.customerPage({
      ...readPageRequest(first, after, info),
      accounts,
      filter: filter ?? {},
      customFields: asksForCustomFields(info, 'nodes') || asksForCustomFields(info, 'edges', 'node'),
    });
    for (const failure of page.failures) reportFailure(context, info, failure);
    tellUnreadableRows(page.nodes, context, info, placesInConnection);
    return page;
  }

  @FieldResolver(() => [CustomField], {
    description:
      "The questions and answers kept about the customer, in the vendor's order, duplicates kept (BillAgain only; else empty).",
  })
  customFields(
    @Root() customer: Customer,
    @Arg('keys', () => [String], { nullable: true, description: 'Only these keys; all where left out.' })
    keys: string[] | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<readonly CustomField[]> {
    if (keys && keys.length > MAX_KEYS) {
      throw new BadUserInput(`\`keys\` may hold up to ${MAX_KEYS} keys; got ${keys.length}`);
    }
    return whenRead(readCustomFields(customer, context, info), (fields) =>
      keys ? fields.filter(({ key }) => keys.includes(key)) : fields,
    );
  }

  @FieldResolver(() => CustomField, {
    nullable: true,
    description: 'The first custom field with this key (BillAgain only).',
  })
  customField(
    @Root() customer: Customer,
    @Arg('key', () => String, { description: 'The label, exactly as the account writes it.' }) key: string,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<CustomField | undefined> {
    return whenRead(readCustomFields(customer, context, info), (fields) => fields.find((field) => field.key === key));
  }

  @FieldResolver(() => BillingSubscriptionConnection, {
    description: "The customer's subscriptions, in the vendor's order.",
  })
  @CacheHint(60)
  @VendorCalls(1)
  @Paged
  async subscriptions(
    @Root() customer: Customer,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: DEFAULT_FIRST,
      description: 'How many at the most, 1 to 200.',
    })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null,
    @Arg('filter', () => SubscriptionFilter, { nullable: true, description: 'Which subscriptions are wanted.' })
    filter: SubscriptionFilter | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BillingSubscriptionConnection> {
    const page = await context.loaders.subscriptionPage(customer, {
      ...readPageRequest(first, after, info),
      filter: filter ?? {},
    });
    for (const failure of page.failures) reportFailure(context, info, failure);
    tellUnreadableRows(page.nodes, context, info, placesInConnection);
    return page;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      "The day of the month statements are sent on, 1 to 25; null for the month's last day (BillAgain only).",
  })
  statementDay(@Root() customer: Customer, @Ctx() context: GraphqlContext): MaybePromise<number | null> {
    return readStatementDay(customer, context);
  }

  @FieldResolver(() => String, {
    description: 'Stands for the details as they were read; pass it to updateCustomer as expectedVersion.',
  })
  version(
    @Root() customer: Customer,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<string> {
    const day = readStatementDay(customer, context);
    if (!(day instanceof Promise)) return customerVersion(customer);
    return day
      .catch((error: unknown) => {
        if (!(error instanceof BillgraphError)) throw error;
        // Without the day the version fits no record that has one: at the worst a CONFLICT, and the customer is shown.
        reportFailure(context, info, error);
        return null;
      })
      .then((statementDay) => customerVersion({ ...customer, statementDay }));
  }

  @FieldResolver(() => Source, { description: 'Where this record came from and how fresh it is.' })
  source(@Root() customer: Customer, @Ctx() context: GraphqlContext): Source {
    return readSource(customer, context);
  }
}

export function asksForCustomFields(info: GraphQLResolveInfo, ...path: readonly string[]): boolean {
  return asksFor(info, ...path, 'customFields') || asksFor(info, ...path, 'customField');
}

/** Read along with the customer where the operation was seen to ask for them, now where it wasn't. */
function readCustomFields(
  customer: Customer,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
): MaybePromise<readonly CustomField[]> {
  if (customer.customFields) return customer.customFields;
  return context.loaders.customer(customer, { customFields: true }).then((read) => {
    if (read) tellUnreadableMember(read, 'customFields', context, info);
    return read?.customFields ?? [];
  });
}

/** The same whatever answer the customer was read from. */
function readStatementDay(customer: Customer, { loaders }: GraphqlContext): MaybePromise<number | null> {
  if (customer.statementDay !== undefined) return customer.statementDay;
  return loaders.wholeCustomer(customer).then((whole) => whole?.statementDay ?? null);
}

type MaybePromise<T> = T | Promise<T>;

/** What is there already is not waited for: a page has a hundred of them. */
function whenRead<T, R>(value: MaybePromise<T>, use: (value: T) => R): MaybePromise<R> {
  return value instanceof Promise ? value.then(use) : use(value);
}
