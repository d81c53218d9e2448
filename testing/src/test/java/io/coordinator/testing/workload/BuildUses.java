package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.Builds;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.error.BuildFailedException;
import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.BuildPendingException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.testing.history.BuildModel;
import io.coordinator.testing.history.BuildModel.Input;
import io.coordinator.testing.history.BuildModel.Output;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Values that are built, with builders that fail and that are too slow, and read, stored and deleted meanwhile. */
final class BuildUses implements Workload {
    private static final Duration BUILD_MAX = Duration.ofMillis(150);
    private static final Duration WAIT = Duration.ofSeconds(1);

    private final Generations<BuildModel.State, Input, Output> keys;

    BuildUses(String prefix, Checks checks, Tally tally) {
        keys = new Generations<>(prefix + "-build-", new BuildModel(), checks, tally.of(kind()), null);
    }

    @Override
    public String kind() {
        return "builds";
    }

    @Override
    public void step(CoordinatorClient client, String name, Random random) {
        keys.use(key -> step(client.builds(), key, name, random));
    }

    private static void step(Builds builds, Generation<Input, Output> key, String name, Random random) {
        switch (random.nextInt(8)) {
            case 0 -> key.record(name, new Input.Read(), () -> read(builds, key.key()));
            case 1, 2 -> key.record(name, new Input.Read(), () -> status(builds, key.key()));
            case 3, 4 -> key.record(name, new Input.Delete(), () -> new Output.Deleted(builds.delete(key.key())));
            case 5 -> {
                if (random.nextInt(4) == 0) {
                    String value = Parts.value(name);
                    key.record(name, new Input.Put(value), () -> {
                        builds.put(key.key(), value, PutOptions.defaults());
                        return new Output.Done();
                    });
                }
            }
            default -> new Build(key, name, Parts.value(name)).run(builds, random);
        }
    }

    private static Output read(Builds builds, String key) {
        try {
            return new Output.Value(String.valueOf(builds.get(key, String.class)));
        } catch (KeyNotFoundException e) {
            return new Output.Absent();
        } catch (BuildPendingException e) {
            return new Output.Pending(0);
        }
    }

    private static Output status(Builds builds, String key) {
        BuildStatus status = builds.status(key);
        return switch (status.state()) {
            case EMPTY -> new Output.Absent();
            case PENDING -> new Output.Pending(status.token());
            case EXISTS -> new Output.Value(status.value().orElseThrow().asText());
        };
    }

    /** A call that gets the value, or builds it. */
    private static final class Build {
        private final Generation<Input, Output> key;
        private final String name;
        private final String value;
        private final Generation<Input, Output>.Asked asked;
        private long token;
        private final long askedNanos = System.nanoTime();
        private long lostFrom;
        private Generation<Input, Output>.@Nullable Asked completion;

        Build(Generation<Input, Output> key, String name, String value) {
            this.key = key;
            this.name = name;
            this.value = value;
            this.asked = key.ask(name, new Input.GetOrBuild());
        }

        void run(Builds builds, Random random) {
            try {
                String got = String.valueOf(builds.getOrBuild(
                        key.key(),
                        String.class,
                        context -> build(context.token(), random),
                        BuildOptions.timeout(WAIT).buildTimeout(BUILD_MAX)));
                if (completion == null) {
                    asked.returned(new Output.Value(got));
                } else {
                    completion.returned(new Output.Committed(got));
                }
            } catch (ChosenFailureException e) {
                mayBeLost();
            } catch (CoordinatorException e) {
                failed(e);
            }
        }

        private String build(long reservation, Random random) throws ChosenFailureException {
            asked.returned(new Output.Reserved(reservation));
            token = reservation;
            int chance = random.nextInt(40);
            if (chance == 0) {
                endsNow();
                throw new ChosenFailureException();
            }
            // Some overrun their time; most are done soon.
            LockSupport.parkNanos(
                    chance == 1
                            ? BUILD_MAX.plusMillis(120).toNanos()
                            : TimeUnit.MILLISECONDS.toNanos(random.nextInt(4)));
            endsNow();
            completion = key.ask(name, new Input.Complete(token, value));
            return value;
        }

        /** The reservation cannot be lost before its time, unless its builder ends it, or somebody the key. */
        private void endsNow() {
            lostFrom = Parts.earlier(System.nanoTime(), askedNanos + BUILD_MAX.toNanos());
        }

        private void failed(CoordinatorException e) {
            if (completion != null) {
                if (e instanceof BuildLostException && !e.outcomeUnknown()) {
                    completion.returned(new Output.Late());
                } else {
                    completion.unknown();
                }
                mayBeLost();
            } else if (token != 0) {
                mayBeLost();
            } else if (e instanceof BuildFailedException) {
                asked.returned(new Output.Failed());
            } else {
                // A reservation that the SDK gave up comes and goes without anybody's notice.
                asked.unknown();
            }
        }

        private void mayBeLost() {
            key.mayHaveHappened(name, new Input.Lose(token), lostFrom);
        }
    }

    /** What a builder throws that was chosen to fail. */
    private static final class ChosenFailureException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public void finish(CoordinatorClient client) {
        keys.finish();
    }
}
