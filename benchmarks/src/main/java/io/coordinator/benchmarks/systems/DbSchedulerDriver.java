package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.JobDriver;
import io.coordinator.benchmarks.harness.MessageCaller;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Makes the table that db-scheduler asks for; each workload has connections of its own. */
final class DbSchedulerDriver implements JobDriver {
    private static final String TABLE = """
            CREATE TABLE scheduled_tasks (
                task_name TEXT NOT NULL, task_instance TEXT NOT NULL, task_data BYTEA,
                execution_time TIMESTAMP WITH TIME ZONE, picked BOOLEAN NOT NULL, picked_by TEXT,
                last_success TIMESTAMP WITH TIME ZONE, last_failure TIMESTAMP WITH TIME ZONE,
                consecutive_failures INT, last_heartbeat TIMESTAMP WITH TIME ZONE, version BIGINT NOT NULL,
                priority SMALLINT, state TEXT,
                PRIMARY KEY (task_name, task_instance));
            CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
            CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat)
            """;

    private final String url;

    private DbSchedulerDriver(String url) {
        this.url = url;
    }

    static DbSchedulerDriver connect(String url) throws SQLException {
        execute(url, TABLE);
        return new DbSchedulerDriver(url);
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public MessageCaller openJobs(int atOnce) throws SQLException {
        execute(url, "TRUNCATE scheduled_tasks");
        return DbSchedulerJobs.open(url, atOnce);
    }

    @Override
    public void close() {}
}
