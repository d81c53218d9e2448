package io.coordinator.testing.process;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildContext;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.lock.Leadership;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.Permit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A client in a process of its own, so that a test can kill or pause it. It does what its arguments say, prints what
 * happened, one line each, and then lives until it is killed.
 *
 * <pre>
 * lock=NAME               acquires a lock for as long as the session lasts   locked NAME TOKEN, later lost NAME REASON
 * permit=NAME,LIMIT       acquires a permit of a semaphore                   permitted NAME TOKEN
 * campaign=NAME           stands for election                                leading NAME EPOCH
 * guard=LOCK,KEY          writes 1, 2, 3, … under that lock                  wrote KEY N, or refused KEY CODE N
 * build=KEY,CALLERS,MS    asks for a build so many times at once             building KEY TOKEN, and for each
 *                                                                           call built KEY VALUE, or unbuilt KEY CODE
 * ready                   prints "ready"
 * </pre>
 */
public final class Worker {
    private static final long WRITE_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Duration BUILD_TIMEOUT = Duration.ofSeconds(60);

    private final CoordinatorClient client;
    private final String name;
    private final List<LockHandle> locks = new ArrayList<>();

    private Worker(CoordinatorClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /** Starts a worker; {@code steps} are as the class describes. */
    public static JavaProcess start(
            String endpoints, String name, Path log, Duration sessionLease, List<String> steps) {
        List<String> arguments = new ArrayList<>(List.of(endpoints, name, Long.toString(sessionLease.toMillis())));
        arguments.addAll(steps);
        return JavaProcess.start(name, log, Launch.DEFAULT, Worker.class, arguments);
    }

    /** Arguments: endpoints, name, session lease in milliseconds, steps. */
    public static void main(String[] arguments) throws InterruptedException {
        String name = arguments[1];
        CoordinatorClient client = CoordinatorClient.connect(ClientConfig.builder()
                .endpoints(arguments[0])
                .clientName(name)
                .sessionLease(Duration.ofMillis(Long.parseLong(arguments[2])))
                .build());
        client.addConnectionListener((from, to) -> print("state", from, to));
        Worker worker = new Worker(client, name);
        for (String step : List.of(arguments).subList(3, arguments.length)) {
            worker.run(step);
        }
        Thread.currentThread().join();
    }

    private void run(String step) {
        int equals = step.indexOf('=');
        String verb = equals < 0 ? step : step.substring(0, equals);
        List<String> operands =
                equals < 0 ? List.of() : List.of(step.substring(equals + 1).split(",", -1));
        switch (verb) {
            case "lock" -> lock(operands.get(0));
            case "permit" -> permit(operands.get(0), Integer.parseInt(operands.get(1)));
            case "campaign" -> campaign(operands.get(0));
            case "guard" -> guard(operands.get(0), operands.get(1));
            case "build" -> build(operands.get(0), Integer.parseInt(operands.get(1)), Long.parseLong(operands.get(2)));
            case "ready" -> print("ready");
            default -> throw new IllegalArgumentException("no step " + step);
        }
    }

    private void lock(String lock) {
        LockHandle handle = client.lock(lock).acquire();
        locks.add(handle);
        print("locked", lock, handle.token());
        CompletableFuture<Void> printed =
                handle.lost().thenAccept(reason -> print("lost", lock, reason)).toCompletableFuture();
        printed.exceptionally(failure -> {
            print("lost", lock, failure);
            return null;
        });
    }

    private void permit(String semaphore, int limit) {
        Permit permit = client.semaphore(semaphore, limit).acquire();
        print("permitted", semaphore, permit.token());
    }

    private void campaign(String election) {
        Leadership leadership = client.election(election).campaign(name);
        print("leading", election, leadership.epoch());
    }

    private void guard(String lock, String key) {
        LockHandle handle = locks.stream()
                .filter(held -> held.name().equals(lock))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("lock " + lock + " first"));
        Thread writer = new Thread(() -> write(handle, key), "guarded-writer");
        writer.setDaemon(true);
        writer.start();
    }

    private void write(LockHandle handle, String key) {
        for (long number = 1; ; number++) {
            try {
                client.cache().guardedBy(handle.guard()).put(key, number);
                print("wrote", key, number);
            } catch (CoordinatorException e) {
                print("refused", key, e.code(), number);
            }
            LockSupport.parkNanos(WRITE_EVERY_NANOS);
        }
    }

    private void build(String key, int callers, long millis) {
        for (int i = 0; i < callers; i++) {
            client.async()
                    .builds()
                    .getOrBuildAsync(key, String.class, context -> build(context, key, millis), BUILD_TIMEOUT)
                    .whenComplete((value, failure) -> {
                        if (failure == null) {
                            print("built", key, value);
                        } else {
                            print("unbuilt", key, failure);
                        }
                    });
        }
    }

    private String build(BuildContext context, String key, long millis) {
        print("building", key, context.token());
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        return name;
    }

    private static void print(Object... words) {
        System.out.println(
                String.join(" ", List.of(words).stream().map(String::valueOf).toList()));
    }
}
