package io.coordinator.testing.workload;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The outside world of a {@link LedgerTrial}: tables that know the token of who wrote last. Each job pays its order and
 * writes a receipt; the first attempt that comes through also books the amount. Every write that counts leaves a line
 * in the journal, numbered while its row is locked, so that the numbers are the order of the writes.
 */
final class LedgerTables {
    static final int AMOUNT = 3;

    private static final List<String> DEFINITIONS = List.of(
            "create table orders (job text primary key, token bigint not null, state text not null)",
            "create table receipts (job text primary key, token bigint not null)",
            "create table booked (job text primary key)",
            "create table account (balance bigint not null)",
            "insert into account values (0)",
            "create table journal (place bigserial primary key, job text not null, token bigint not null)");

    private static final String PAY = "update orders set token = ?, state = 'paid' where job = ?";
    private static final String PAY_FENCE = " and token < ?";
    private static final String RECEIPT = "insert into receipts (job, token) values (?, ?)"
            + " on conflict (job) do update set token = excluded.token";
    private static final String RECEIPT_FENCE = " where receipts.token < excluded.token";
    private static final String BOOK = "insert into booked (job) values (?) on conflict do nothing";

    private LedgerTables() {}

    /** Makes the tables, with an order for each job. */
    static void create(Connection database, List<String> jobs) throws SQLException {
        try (Statement statement = database.createStatement()) {
            for (String definition : DEFINITIONS) {
                statement.execute(definition);
            }
        }
        try (PreparedStatement order = database.prepareStatement("insert into orders values (?, 0, 'open')")) {
            for (String job : jobs) {
                order.setString(1, job);
                order.addBatch();
            }
            order.executeBatch();
        }
    }

    /**
     * What one attempt does, in one transaction of the database.
     *
     * @param fenced whether a smaller token is refused; without, the check must find what is wrong
     * @return false if a later attempt has written: nothing was done
     */
    static boolean write(Connection database, String job, long token, boolean fenced) throws SQLException {
        database.setAutoCommit(false);
        if (!pay(database, job, token, fenced) || !receipt(database, job, token, fenced)) {
            database.rollback();
            return false;
        }
        if (update(database, BOOK, job) == 1) {
            update(database, "update account set balance = balance + " + AMOUNT);
        }
        update(database, "insert into journal (job, token) values (?, ?)", job, token);
        database.commit();
        return true;
    }

    private static boolean pay(Connection database, String job, long token, boolean fenced) throws SQLException {
        int rows = fenced ? update(database, PAY + PAY_FENCE, token, job, token) : update(database, PAY, token, job);
        return rows == 1;
    }

    private static boolean receipt(Connection database, String job, long token, boolean fenced) throws SQLException {
        return update(database, fenced ? RECEIPT + RECEIPT_FENCE : RECEIPT, job, token) == 1;
    }

    private static int update(Connection database, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = database.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    /**
     * What is wrong with the tables; empty if all is well.
     *
     * @param completed by job, the token of the attempt that completed it
     */
    static List<String> problems(Connection database, Map<String, Long> completed) throws SQLException {
        List<String> problems = new ArrayList<>();
        Map<String, Long> newest = new HashMap<>();
        for (Map.Entry<String, Long> line : pairs(database, "select job, token from journal order by place")) {
            Long before = newest.put(line.getKey(), line.getValue());
            if (before != null && before >= line.getValue()) {
                problems.add("an older token after a newer one: " + line + " after " + before);
            }
        }
        for (String table : List.of("orders", "receipts")) {
            Map<String, Long> rows = new HashMap<>();
            pairs(database, "select job, token from " + table).forEach(row -> rows.put(row.getKey(), row.getValue()));
            if (!rows.equals(completed)) {
                Set<Map.Entry<String, Long>> others = new HashSet<>(rows.entrySet());
                others.removeAll(completed.entrySet());
                problems.add(table + " do not have the tokens of the completions: " + rows.size() + " rows for "
                        + completed.size() + " jobs, and " + others);
            }
        }
        long balance = number(database, "select balance from account");
        if (balance != (long) AMOUNT * completed.size()) {
            problems.add("a balance of " + balance + " after " + completed.size() + " jobs of " + AMOUNT);
        }
        return problems;
    }

    private static List<Map.Entry<String, Long>> pairs(Connection database, String sql) throws SQLException {
        List<Map.Entry<String, Long>> all = new ArrayList<>();
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                all.add(Map.entry(rows.getString(1), rows.getLong(2)));
            }
        }
        return all;
    }

    private static long number(Connection database, String sql) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            if (!row.next()) {
                throw new SQLException("no row: " + sql);
            }
            return row.getLong(1);
        }
    }
}
