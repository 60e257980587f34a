// SQLite; SQLITE_TRANSIENT, a cast function pointer, is none that Swift can import.
#pragma once
#include <sqlite3.h>
// Both copy the bytes. Without bytes (a null pointer) it is an empty value, not NULL.
static inline int poplin_sqlite_bind_text(sqlite3_stmt *s, int index, const void *bytes, int count) {
    return sqlite3_bind_text(s, index, bytes ? (const char *)bytes : "", count, SQLITE_TRANSIENT);
}
static inline int poplin_sqlite_bind_blob(sqlite3_stmt *s, int index, const void *bytes, int count) {
    return sqlite3_bind_blob(s, index, bytes ? bytes : "", count, SQLITE_TRANSIENT);
}
