"""Parquet files that no library writes: footers and pages that promise what is not there."""

import struct

REQUIRED = 0
INT32, BYTE_ARRAY, FIXED = 1, 6, 7
PLAIN, RLE, DELTA_LENGTHS = 0, 3, 6


def varint(number):
    out = b""
    while True:
        number, rest = number >> 7, number & 127
        if not number:
            return out + bytes([rest])
        out += bytes([rest | 128])


def zigzag(number):
    return varint(((number << 1) ^ (number >> 63)) & ((1 << 64) - 1))


class Structure:
    """A structure of Thrift's compact protocol; fields in ascending order of their numbers."""

    def __init__(self):
        self.bytes, self.last = b"", 0

    def _field(self, number, kind, value):
        assert 0 < number - self.last < 16
        self.bytes += bytes([(number - self.last) << 4 | kind]) + value
        self.last = number
        return self

    def int32(self, number, value):
        return self._field(number, 5, zigzag(value))

    def int64(self, number, value):
        return self._field(number, 6, zigzag(value))

    def binary(self, number, value):
        return self._field(number, 8, varint(len(value)) + value)

    def structure(self, number, value):
        return self._field(number, 12, value.done())

    def list(self, number, kind, elements):
        count = bytes([len(elements) << 4 | kind]) if len(elements) < 15 else bytes([0xF0 | kind]) + varint(len(elements))
        return self._field(number, 9, count + b"".join(elements))

    def done(self):
        return self.bytes + b"\0"


def column(name, kind=INT32, length=None, decimal=None):
    """A column of the schema; `length`: of FIXED; `decimal`: its precision."""
    element = Structure().int32(1, kind)
    if length:
        element.int32(2, length)
    element.int32(3, REQUIRED).binary(4, name)
    if decimal:
        element.int32(6, 5).int32(7, 0).int32(8, decimal)
    return element.done()


def data_page(value_count, body, encoding=PLAIN):
    page = Structure().int32(1, value_count).int32(2, encoding).int32(3, RLE).int32(4, RLE)
    return Structure().int32(1, 0).int32(2, len(body)).int32(3, len(body)).structure(5, page).done() + body


def write(path, columns, rows, *, page_values=None, body=bytes(40), encoding=PLAIN, kind=INT32, groups=1):
    """A file whose columns, given as (name, element of the schema), all have the one page of `body`; `rows`: of each row group, as the footer says."""
    page = data_page(rows % (1 << 31) if page_values is None else page_values, body, encoding)
    schema = [Structure().binary(4, b"schema").int32(5, len(columns)).done()] + [element for _, element in columns]
    chunks = []
    for name, _ in columns:
        metadata = Structure().int32(1, kind).list(2, 5, [zigzag(encoding)]).list(3, 8, [varint(len(name)) + name]).int32(4, 0)
        metadata.int64(5, rows).int64(6, len(page)).int64(7, len(page)).int64(9, 4)
        chunks.append(Structure().int64(2, 0).structure(3, metadata).done())
    group = Structure().list(1, 12, chunks).int64(2, len(page)).int64(3, rows).done()
    footer = Structure().int32(1, 1).list(2, 12, schema).int64(3, rows * groups).list(4, 12, [group] * groups).done()
    path.write_bytes(b"PAR1" + page + footer + struct.pack("<I", len(footer)) + b"PAR1")
    return path
