import { describe, expect, it } from '@jest/globals';
import { UnreadableBody } from '../../../src/codecs/codec.ts';
import { MalformedAnswer } from '../../../src/errors.ts';
import {
  type Document,
  decodeAnswer,
  readActedOn,
  readRecord,
  readRows,
  readWritten,
} from '../../../src/vendors/unipay/answers.ts';

const ids = (rows: readonly unknown[]) => rows.map((row) => String((row as { id?: unknown } | null)?.id));
const customers = (body: string) => ids(readRows('unipay', 'findCustomers', decodeAnswer(body)));
const subscriptions = (body: string) => ids(readRows('unipay', 'findSubscriptions', decodeAnswer(body)));

describe('the rows of a list', () => {
  it.each([
    ['bare', '[{"id":1},{"id":2}]'],
    ['under their name', '{"customers":[{"id":1},{"id":2}]}'],
    ['under another name', '{"page1":[{"id":1},{"id":2}]}'],
    ['in two wrappers', '{"response":{"customerList":[{"id":1},{"id":2}]}}'],
    ['beside how many there are', '{"total":2,"customers":[{"id":1},{"id":2}]}'],
    ['beside a record on paging', '{"paging":{"total":3},"customers":[{"id":1},{"id":2}]}'],
    ['beside a record with an id', '{"merchant":{"id":2001,"name":"x"},"customers":[{"id":1},{"id":2}]}'],
    ['beside no errors', '{"customers":[{"id":1},{"id":2}],"errors":[]}'],
    ['beside an error that says that there is none', '{"error":{"code":0,"message":""},"data":[{"id":1},{"id":2}]}'],
    ['beside links with ids', '{"links":[{"id":"next","href":"x"}],"rows":[{"id":1},{"id":2}]}'],
    ['beside another list, told by their fields', '{"a":[{"id":9,"planId":1}],"b":[{"id":1},{"id":2,"email":"x"}]}'],
    ['beside the other kind', '{"subscriptions":[{"id":9,"planId":1}],"customers":[{"id":1},{"id":2}]}'],
    ['in a wrapper with an id', '{"id":"r-1","customers":[{"id":1},{"id":2}]}'],
    ['in a wrapper beside its paging', '{"paging":{"next":"x"},"result":{"items":[{"id":1},{"id":2}],"size":2}}'],
    [
      'in a wrapper beside a page that describes itself and links',
      '{"_embedded":{"customers":[{"id":1},{"id":2}]},"_links":{"self":{"href":"x"}},"page":{"size":20,"totalElements":2}}',
    ],
    ['under another name beside how it went', '{"result":{"code":0},"clients":[{"id":1},{"id":2}]}'],
    ['under another name beside a body of links', '{"content":{"type":"list"},"rowsOfClients":[{"id":1},{"id":2}]}'],
    ['in XML', '<customers><customer id="1"/><customer id="2"/></customers>'],
    ['in XML beside a page that describes itself', '<r><page size="20"/><c><c id="1"/><c id="2"/></c></r>'],
    ['in XML of other names', '<rows><object id="1"/><object id="2"/></rows>'],
    ['in XML beside paging', '<r><paging><total>2</total></paging><customer id="1"/><customer id="2"/></r>'],
    ['in XML beside paging with an id', '<r><paging id="p"/><customer id="1"/><customer id="2"/></r>'],
    ['in XML, wrapped, beside a status', '<r><status>OK</status><list><c id="1"/><c id="2"/></list></r>'],
    [
      'in XML with attributes of XML Schema',
      '<r xsi:type="List"><customer id="1" xsi:type="C"/><customer id="2"/></r>',
    ],
  ])('are found %s', (_how, body) => expect(customers(body)).toEqual(['1', '2']));

  it('may be one alone', () => {
    for (const body of [
      '{"id":1}',
      '{"customer":{"id":1}}',
      '{"customers":{"id":1},"paging":{"total":1}}',
      '<customer id="1"/>',
      '<customers><customer id="1"/></customers>',
      '<r><paging total="1"/><customer><id>1</id></customer></r>',
    ]) {
      expect(customers(body)).toEqual(['1']);
    }
  });

  it('may hold some that are no records, which are errors of their own', () => {
    expect(customers('[{"id":1},null,{"name":"x"}]')).toEqual(['1', 'undefined', 'undefined']);
  });

  it('of subscriptions are found within their customer', () => {
    expect(subscriptions('{"customer":{"id":5,"subscriptions":[{"id":1}]}}')).toEqual(['1']);
    expect(subscriptions('{"customer":{"id":5},"subscriptions":[{"id":1}]}')).toEqual(['1']);
    expect(subscriptions('<customer id="5"><subscription id="1"/></customer>')).toEqual(['1']);
    expect(subscriptions('{"customer":{"id":5},"subscriptions":[]}')).toEqual([]);
  });

  it.each([
    '[]',
    ' [ ] ',
    '{"customers":[]}',
    '{"Customers":[],"paging":{"total":0}}',
    '{"customers":[],"total":3}',
    '{"customers":[],"errors":[],"message":null}',
    '{"merchant":{"id":2001},"customers":[]}',
    '{"response":{"customerList":[]}}',
    '{"data":[]}',
    '{"result":[]}',
    '{"items":[],"count":0}',
    '{"total":0,"customers":null}',
    '{"customers":null,"totalCount":"0"}',
    '{"paging":{"total":0,"page":1},"customers":null}',
    '{"failureCode":"","customers":[]}',
    '{"success":true,"customers":[]}',
    '{"status":"OK","code":0,"message":"","data":[]}',
    '{"statusCode":200,"message":"Success","data":[]}',
    '{"requestId":"r-1","timestamp":"2026-01-01 10:00:00","tookMs":12,"hasMore":false,"customers":[]}',
    '{"merchant":{"id":2001,"name":"Two words","status":"rejected"},"customers":[]}',
    '{"customers":[],"links":[{"rel":"self","href":"https://example.com/customers?offset=0"}]}',
    '{"_embedded":{"customers":[]},"_links":{"self":{"href":"x"}},"page":{"size":20,"totalElements":0,"totalPages":0}}',
    '<response code="200" version="1.0"><customers/></response>',
    '<response><success>true</success><customers/></response>',
    '<customers/>',
    '<customers></customers>',
    '<?xml version="1.0"?>\n<customers>\n</customers>',
    '<n:customers xmlns:n="u"/>',
    '<customers total="0"/>',
    '<customers total="0" page="1" status="OK"/>',
    '<customers offset="0" limit="100"/>',
    '<customers><paging><total>0</total></paging></customers>',
    '<customers xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>',
    '<customerList/>',
    '<ArrayOfCustomer/>',
    '<ArrayList/>',
    '<list/>',
    '<rows/>',
    '<response><customers/></response>',
    '<response><total>0</total><customers/></response>',
  ])('are none, as %s says', (body) => expect(customers(body)).toEqual([]));

  it.each([
    'null',
    '""',
    '{}',
    'true',
    'false',
    '0',
    '"a text"',
    '{"error":""}',
    '{"message":null}',
    '{"status":"OK"}',
    '{"errors":[]}',
    '{"messages":[]}',
    '{"customers":null}',
    '{"customers":""}',
    '{"total":3,"customers":null}',
    '{"total":0}',
    '{"customers":[],"error":"the database is away"}',
    '{"customers":[],"errors":[{"message":"away"}]}',
    '{"customers":[{"id":1}],"errors":[{"message":"the second shard is away"}]}',
    '{"error":{"id":"r-1","message":"away"}}',
    '{"exception":{"customers":[]}}',
    '{"success":false,"customers":[]}',
    '{"id":"r-1","success":false,"customers":[]}',
    '{"success":"false","message":"Session expired","customers":[]}',
    '{"status":"error","data":[]}',
    '{"ok":false,"list":[]}',
    '{"code":500,"message":"Internal problem","data":[]}',
    '{"response":{"responseCode":"96","customers":[]}}',
    '{"statusCode":503,"result":[]}',
    '{"message":"Service down","items":[]}',
    '{"messages":["Service down"],"items":[]}',
    '{"messages":[{"text":"down"}],"items":[]}',
    '{"reason":"limit","rows":[]}',
    '{"hint":"try again later","rows":[]}',
    '{"meta":{"code":500},"data":[]}',
    '{"status":{"message":"down"},"data":[]}',
    '{"status":"pending","customers":[]}',
    '{"total":0,"status":"error","customers":null}',
    '{"success":false,"customers":[{"id":1}]}',
    '{"status":503,"data":[{"id":1}]}',
    '{"data":{}}',
    '{"customers":{}}',
    '{"result":{"code":5},"request":{"id":"r-1"}}',
    '{"page":{"totalElements":0},"_links":{"self":{"href":"x"}}}',
    '{"subscriptions":[]}',
    '{"subscription":{"id":1,"planId":2}}',
    '{"a":[{"id":1}],"b":[{"id":2}]}',
    '{"merchant":{"id":2001},"paging":{"total":0}}',
    '{"customers":["x"]}',
    '["x"]',
    '[{}]',
    '[{"message":"maintenance"}]',
    '<error/>',
    '<maintenance/>',
    '<Fault></Fault>',
    '<status/>',
    '<response/>',
    '<ok>  </ok>',
    '<subscriptions/>',
    '<customerNotFound/>',
    '<maintenance><items/></maintenance>',
    '<maintenance total="0"/>',
    '<response status="error"><customers/></response>',
    '<response><status>FAILED</status><customers/></response>',
    '<response success="false"><list/></response>',
    '<result code="500" message="x"><list/></result>',
    '<customers total="0" message="away"/>',
    '<customers><customer/></customers>',
    '<response><customer/></response>',
    '<customer/>',
    '<customers total="3"/>',
    '<customers error="away"/>',
    '<customers total="0" error="away"/>',
    '<customers>away</customers>',
    '<error xsi:nil="true"/>',
    '<Envelope><Body><Fault/></Body></Envelope>',
    '{"a":{"b":{"c":{"d":[{"id":1}]}}}}',
  ])('are not to be had from %s', (body) => {
    expect(() => customers(body)).toThrow(MalformedAnswer);
    expect(() => customers(body)).toThrow(/^unipay: findCustomers: expected a list of records; got [^"<{]*$/);
  });

  it.each(['id=1&firstName=Ada', 'customers=&total=0', 'OK'])('are not looked for in %j', (body) =>
    expect(() => customers(body)).toThrow('expected a list of records; got '),
  );

  it('are not looked for in a web page', () => {
    for (const page of ['<html/>', '<!DOCTYPE html><html></html>', '<?xml version="1.0"?><html/>']) {
      expect(() => decodeAnswer(page)).toThrow('an HTML page');
    }
  });
});

describe('a record that was asked for by its number', () => {
  const load = (body: string) => readRecord('unipay', 'loadCustomer', decodeAnswer(body)).id;

  it('is shown alone, in a list of one or beside other things', () => {
    expect(load('{"id":1}')).toBe(1);
    expect(load('[{"id":1}]')).toBe(1);
    expect(load('{"status":"OK","customer":{"id":1,"group":{"id":7}}}')).toBe(1);
    expect(load('{"id":1,"payments":[{"id":7}],"error":"none"}')).toBe(1);
    expect(load('<response><customer id="1"/><links><link id="2"/></links></response>')).toBe('1');
  });

  it.each([
    'null',
    '""',
    '{}',
    '[]',
    '{"customers":[]}',
    '{"total":0,"customers":null}',
    '<customers/>',
    '<customer/>',
  ])('is not absent because of %s', (body) =>
    expect(() => load(body)).toThrow('unipay: loadCustomer: expected one record; got '),
  );

  it('is not one of two', () => {
    expect(() => load('[{"id":1},{"id":2}]')).toThrow('expected one record; got a list of 2');
  });
});

describe('a modification', () => {
  const modify = (body: string) => readWritten('unipay', 'modifyCustomer', answer(body), '5').id;

  it('is done where the answer shows the record that was asked for', () => {
    expect(modify('{"id":"5"}')).toBe('5');
    expect(modify('<customer id="5"/>')).toBe('5');
  });

  it.each(['', 'null', '{}', '{"result":"OK"}', '{"id":6}', '[{"id":5},{"id":6}]'])(
    'is not known to be done by %j',
    (body) => expect(() => modify(body)).toThrow(MalformedAnswer),
  );
});

const answer = (body: string, status = 200) => ({
  status,
  body: body === '' ? undefined : (decodeAnswer(body) as Document),
});

describe('a create', () => {
  it('is done where the answer shows the record', () => {
    for (const body of ['{"id":5}', '{"customer":{"id":5}}', '[{"id":5}]', '<customer id="5"/>', '<object id="5"/>']) {
      expect(String(readWritten('unipay', 'createCustomer', answer(body)).id)).toBe('5');
    }
  });

  it.each([
    '',
    'null',
    '{}',
    '[]',
    'true',
    '{"result":"OK"}',
    '{"subscription":{"id":5}}',
    '<customer/>',
    '<ok/>',
    'OK',
    'id=5&firstName=Ada',
    '{"id":"x"}',
  ])('is not known to be done by %j', (body) => {
    for (const status of [200, 201, 204]) {
      expect(() => readWritten('unipay', 'createCustomer', answer(body, status))).toThrow(MalformedAnswer);
    }
  });
});

describe('an action such as a cancellation', () => {
  const change = (body: string) => readActedOn('unipay', 'cancelSubscription', answer(body), '5')?.id;

  it('shows its record where that is the one that was asked for', () => {
    for (const body of ['{"id":5}', '{"subscription":{"id":"5","status":"N"}}', '<subscription id="5"/>']) {
      expect(String(change(body))).toBe('5');
    }
  });

  it.each([
    '',
    'true',
    'null',
    '{}',
    '[]',
    '"OK"',
    '<result>true</result>',
    '{"result":"OK"}',
    '{"success":true,"errors":[]}',
    '{"status":200,"error":null}',
    '<response status="OK"/>',
    '<ok/>',
    '{"id":6}',
    '{"id":"50"}',
    '[{"id":5},{"id":6}]',
    '{"customer":{"id":5}}',
    'OK',
    ' ok\n',
    'Success',
    'done.',
    'True',
    'result=OK',
    '?result=OK&',
    'id=5&status=C&',
    'success=true&failureCode=&failureMessage=',
    'note=two+words&effectiveDate=2026-03-01',
  ])('is done without showing it: %j', (body) => expect(change(body)).toBeUndefined());

  it.each([
    'false',
    '"FAILED"',
    '<status>error</status>',
    '{"success":false}',
    '{"result":"FAILED"}',
    '{"response":{"status":"error"}}',
    '{"error":"away"}',
    '{"timestamp":1,"status":404,"error":"Not Found"}',
    '<error/>',
    '<maintenance/>',
    '<response status="rejected"/>',
    '{"statusCode":503,"message":"Service down"}',
    '{"code":500,"message":"x"}',
    'result=ERROR',
    '?success=false&',
    'error=away&id=5',
    'status=503&message=down',
  ])('is not known to be done by %j', (body) => {
    expect(() => change(body)).toThrow(MalformedAnswer);
  });

  it.each([
    'please wait',
    'Maintenance',
    'Unauthorized',
    'login',
    'OK, but later',
    'down for maintenance, status=OK',
    'b2theQ==',
    '=OK',
    'a=b=c',
    'note=%zz',
    'result=OK failed',
  ])('is not answered with text of any kind: %j', (body) => {
    expect(() => decodeAnswer(body)).toThrow(UnreadableBody);
  });

  it('is not known to be done by an answer that can not be read', () => {
    const body = new MalformedAnswer('unipay', 'an HTML page');
    expect(() => readActedOn('unipay', 'cancelSubscription', { status: 200, body }, '5')).toThrow(body);
  });
});
