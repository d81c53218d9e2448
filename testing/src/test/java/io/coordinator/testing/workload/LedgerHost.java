package io.coordinator.testing.workload;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.JobLeaseLostException;
import io.coordinator.client.job.JobContext;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.job.PermanentJobException;
import io.coordinator.testing.history.job.HandlerLine.What;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A host whose handlers write into a database, in a process of its own. See {@link LedgerTrial}. */
public final class LedgerHost implements JobHandler {
    static final String QUEUE = "ledger";
    /** In a line: the table has refused what an attempt wrote. */
    static final String BY_TABLE = "table";
    /** What the program is told if handlers are to leave the token out. */
    static final String UNFENCED = "unfenced";

    private static final int LATE_PERCENT = 2;
    private static final ThreadLocal<@Nullable Connection> CONNECTIONS = new ThreadLocal<>();

    private final String database;
    private final boolean fenced;
    private final long seed;
    private final HandlerLog log;

    private LedgerHost(String database, boolean fenced, long seed, HandlerLog log) {
        this.database = database;
        this.fenced = fenced;
        this.seed = seed;
        this.log = log;
    }

    /** See {@link HostArguments}; then the address of the database, and whether handlers use the token. */
    public static void main(String[] arguments) throws InterruptedException {
        HostArguments told = HostArguments.of(arguments);
        boolean fenced = !told.more().get(1).equals(UNFENCED);
        HandlerLog log = new HandlerLog(told.lines());
        TrialHost.work(told.connect(), Map.of(QUEUE, new LedgerHost(told.more().get(0), fenced, told.seed(), log)));
    }

    @Override
    public @Nullable Object run(JobContext job) throws Exception {
        log.add(What.BEGUN, job, "-");
        think(job);
        boolean written;
        try {
            written = LedgerTables.write(connection(), job.id(), job.token(), fenced);
        } catch (SQLException e) {
            forget();
            log.add(What.THROWN, job, "-");
            throw e;
        }
        if (!written) {
            log.add(What.REFUSED, job, BY_TABLE);
            throw new PermanentJobException("a later attempt has written");
        }
        log.add(What.COMPLETING, job, "-");
        try {
            job.complete(job.token());
            log.add(What.TAKEN, job, "-");
        } catch (JobLeaseLostException e) {
            log.add(e.outcomeUnknown() ? What.UNKNOWN : What.REFUSED, job, "-");
        } catch (CoordinatorException e) {
            log.add(What.UNKNOWN, job, "-");
            throw e;
        }
        return null;
    }

    /** Long enough to be paused or killed in it; now and then longer than an attempt may take, whatever it is told. */
    private void think(JobContext job) throws InterruptedException {
        Random random = new Random(31 * (31 * seed + job.id().hashCode()) + job.attempt());
        if (random.nextInt(100) < LATE_PERCENT) {
            int most = (int) TrialQueue.ATTEMPT_TIMEOUT.toMillis();
            TrialHandler.passWhatever(random.nextInt(most + 300, most + 1_200));
        } else {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(30));
        }
    }

    private Connection connection() throws SQLException {
        Connection known = CONNECTIONS.get();
        if (known == null) {
            known = PostgresServer.connect(database);
            CONNECTIONS.set(known);
        }
        return known;
    }

    /** What became of a transaction whose connection broke nobody knows: the next attempt does it all again. */
    private void forget() {
        Connection broken = CONNECTIONS.get();
        CONNECTIONS.remove();
        if (broken != null) {
            try {
                broken.close();
            } catch (SQLException e) {
                System.out.println("closing a broken connection: " + e);
            }
        }
    }
}
