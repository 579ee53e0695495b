/** Descriptions say what the mapping tables do: where a field exists at one vendor only, it says "(BillAgain only…)" or "(UniPay only…)". */
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  type GraphQLArgument,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import type { Vendor } from '../../src/model/vendor.ts';
import { createSchema } from '../../src/resolvers/schema.ts';
import { billagain } from '../../src/vendors/billagain/index.ts';
import { listFields, listFilters, listInputs, type MappedField } from '../../src/vendors/printed-tables.ts';
import { unipay } from '../../src/vendors/unipay/index.ts';
import type { DialectTables, InputTables } from '../../src/vendors/vendor.ts';

const VENDORS: readonly Vendor[] = ['BILLAGAIN', 'UNIPAY'];
const TABLES: Readonly<Record<Vendor, DialectTables>> = { BILLAGAIN: billagain.tables, UNIPAY: unipay.tables };

type Lines = readonly MappedField[];

function inputs(name: keyof InputTables): (tables: DialectTables) => Lines {
  return (tables) => Object.values(tables.inputs).flatMap(({ [name]: table }) => (table ? listInputs(table) : []));
}

const MAPPED: Readonly<Record<string, (tables: DialectTables) => Lines>> = {
  Customer: ({ customer }) => listFields(customer),
  BillingSubscription: ({ subscription }) => listFields(subscription),
  CustomerFilter: ({ customerFilters }) => Object.values(customerFilters).flatMap((table) => listFilters(table)),
  SubscriptionFilter: ({ subscriptionFilter }) => listFilters(subscriptionFilter),
  CreateCustomerInput: inputs('CreateCustomerInput'),
  UpdateCustomerInput: inputs('UpdateCustomerInput'),
  CreateSubscriptionInput: inputs('CreateSubscriptionInput'),
  UpdateSubscriptionInput: inputs('UpdateSubscriptionInput'),
  CancelSubscriptionInput: inputs('CancelSubscriptionInput'),
  FreezeSubscriptionInput: inputs('FreezeSubscriptionInput'),
};

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await createSchema();
});

/** The one vendor that a description speaks of. */
function saidOnly(description: string | null | undefined): Vendor | undefined {
  const named = /\((BillAgain|UniPay) only\b/.exec(description ?? '')?.[1];
  return named === undefined ? undefined : named === 'BillAgain' ? 'BILLAGAIN' : 'UNIPAY';
}

/** The one of both that is true of; undefined where it is true of neither, or of each. */
function onlyOne(isTrueOf: (vendor: Vendor) => boolean): Vendor | undefined {
  const vendors = VENDORS.filter(isTrueOf);
  return vendors.length === 1 ? vendors[0] : undefined;
}

interface Place {
  readonly path: string;
  readonly type: GraphQLType;
  readonly description: string | null | undefined;
  /** What the types and fields around it say, its own type too. */
  readonly around: readonly (string | null | undefined)[];
}

/** The fields of a type, and those within them that a table maps. */
function placesIn(typeName: string, paths: ReadonlySet<string>, prefix = '', above: Place['around'] = []): Place[] {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInputObjectType(type)) throw new Error(`${typeName} must have fields`);
  return Object.values(type.getFields()).flatMap((field) => {
    const path = prefix + field.name;
    const fieldType: GraphQLType = field.type;
    const around = [...above, type.description];
    const place = { path, type: fieldType, description: field.description, around };
    const hasMembers = [...paths].some((known) => known.startsWith(`${path}.`));
    if (!hasMembers) return [place];
    return [place, ...placesIn(getNamedType(fieldType).name, paths, `${path}.`, [...around, field.description])];
  });
}

describe.each(Object.entries(MAPPED))('each field of %s', (typeName, list) => {
  const lines = new Map(VENDORS.map((vendor) => [vendor, list(TABLES[vendor])]));
  const paths = new Set([...lines.values()].flat().map(({ path }) => path));
  const isKept = (vendor: Vendor, path: string) => lines.get(vendor)?.some((line) => line.path === path && line.isKept);

  it('says so where one vendor alone has it, and says nothing of the kind elsewhere', () => {
    const wrong = placesIn(typeName, paths).flatMap(({ path, type, description, around }) => {
      // One of the custom fields, asked for by its key.
      const mapped = path === 'customField' ? 'customFields' : path;
      const truth = onlyOne((vendor) => isKept(vendor, mapped) === true);
      const itsType = getNamedType(type);
      const inherited = [...around, isInputObjectType(itsType) ? itsType.description : ''].map(saidOnly).find(Boolean);
      const said = saidOnly(description);
      const isTrue = truth === undefined ? said === undefined : (said ?? inherited) === truth;
      return isTrue && (said === undefined || said === truth)
        ? []
        : [`${path}: ${truth ?? 'both or none'}; ${description}`];
    });
    expect(wrong).toEqual([]);
  });

  it('has enum words that say so where one vendor alone has them', () => {
    const wrong = placesIn(typeName, paths).flatMap(({ path, type, description }) => {
      const itsType = getNamedType(type);
      if (!isEnumType(itsType) || typeName.endsWith('Input') || typeName.endsWith('Filter')) return [];
      return itsType.getValues().flatMap((value) => {
        const tells = new RegExp(`→ ${value.name}\\b`);
        const truth = onlyOne(
          (vendor) => lines.get(vendor)?.some((line) => line.path === path && tells.test(line.conversion)) === true,
        );
        // What a vendor doesn't say, or says in a word unknown to us, may be at either.
        if (value.name === 'UNKNOWN' || (!paths.has(path) && truth === undefined)) return [];
        const said = saidOnly(value.description) ?? saidOnly(itsType.description) ?? saidOnly(description);
        return said === truth
          ? []
          : [`${itsType.name}.${value.name}: ${truth ?? 'both or none'}; ${value.description}`];
      });
    });
    expect(wrong).toEqual([]);
  });
});

describe('an input that one vendor alone takes', () => {
  it.each(Object.keys(MAPPED).filter((name) => name.endsWith('Input')))('is known by its description: %s', (name) => {
    const truth = onlyOne((vendor) => (MAPPED[name]?.(TABLES[vendor]).length ?? 0) > 0);
    expect(saidOnly(schema.getType(name)?.description)).toBe(truth);
  });
});

describe('each capability', () => {
  it('that one vendor alone has says so, and so does its mutation', () => {
    const type = schema.getType('Capability');
    if (!isEnumType(type)) throw new Error('Capability must be an enum');
    const mutations = schema.getMutationType()?.getFields() ?? {};
    let mutationCount = 0;
    for (const { name, value, description } of type.getValues()) {
      const truth = onlyOne((vendor) => TABLES[vendor].capabilities.has(value));
      expect([name, saidOnly(description)]).toEqual([name, truth]);
      const [record = '', verb = ''] = name.toLowerCase().split('_');
      const mutation = mutations[`${verb}${record[0]?.toUpperCase()}${record.slice(1)}`];
      if (mutation === undefined) continue;
      mutationCount++;
      expect([mutation.name, saidOnly(mutation.description)]).toEqual([mutation.name, truth]);
    }
    expect(mutationCount).toBe(Object.keys(mutations).length);
  });
});

describe('each description', () => {
  it('is one sentence', () => {
    const places = Object.values(schema.getTypeMap())
      .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
      .flatMap((type) => {
        const members = isEnumType(type)
          ? type.getValues()
          : isObjectType(type) || isInputObjectType(type)
            ? Object.values(type.getFields())
            : [];
        return [
          { place: type.name, description: type.description },
          ...members.flatMap((member) => [
            { place: `${type.name}.${member.name}`, description: member.description },
            ...('args' in member ? member.args : []).map((argument: GraphQLArgument) => ({
              place: `${type.name}.${member.name}(${argument.name}:)`,
              description: argument.description,
            })),
          ]),
        ];
      });
    const isSentence = (text: string | null | undefined) =>
      /^[A-Z].*\.$/.test(text ?? '') && !/[.!?] [A-Z]/.test(text ?? '');
    expect(places.filter(({ description }) => !isSentence(description))).toEqual([]);
    expect(places.length).toBeGreaterThan(300);
  });
});
