package io.coordinator.benchmarks.storm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** One process full of clients, which says when all have lost their leader and come back, and what they lost. */
final class StormProcess {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 5;

    private StormProcess() {}

    /** The clients of a process. */
    interface Clients extends AutoCloseable {
        /** From now on, who is attached counts as back only after a new attachment. */
        void watch();

        /** How many are not attached again yet. */
        int missing();

        int sessionsLost();

        int locksLost();

        @Override
        void close();
    }

    /**
     * Runs until its input ends.
     *
     * @param arguments {@code light} or {@code sdk}, endpoints, the number of this process, how many clients
     */
    public static void main(String[] arguments) throws Exception {
        int number = Integer.parseInt(arguments[2]);
        int count = Integer.parseInt(arguments[3]);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        try (Clients clients = arguments[0].equals("light")
                ? LightClients.connect(arguments[1], count)
                : SdkClients.connect(arguments[1], number, count)) {
            System.out.println("ready");
            orders.readLine();
            clients.watch();
            double cpu = cpuSeconds();
            System.out.println("watching");
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (clients.missing() > 0 && System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d %d %d %d %f%n",
                    nowMicros(),
                    clients.sessionsLost(),
                    clients.locksLost(),
                    clients.missing(),
                    cpuSeconds() - cpu);
            orders.readLine();
        }
    }

    private static double cpuSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toNanos()
                / 1e9;
    }

    /** Of the host's clock, which all processes share. */
    static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
