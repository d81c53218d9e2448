package io.coordinator.benchmarks.harness;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** What is measured. */
public enum Workload {
    PUT("put", Role.keys((driver, data, slot) -> {
        SplittableRandom random = new SplittableRandom(slot);
        return () -> driver.put(data.key(random), data.value(random));
    })),
    GET("get", Role.keys((driver, data, slot) -> {
        SplittableRandom random = new SplittableRandom(slot);
        return () -> driver.get(data.key(random));
    })),
    GET_SYNC("get-sync", Role.keys((driver, data, slot) -> {
        SplittableRandom random = new SplittableRandom(slot);
        return () -> driver.getSync(data.key(random));
    })),
    LOCK("lock", Role.keys((driver, data, slot) -> {
        String lock = data.lock(slot);
        return () -> driver.lockUnlock(lock);
    })),
    LOCK_CONTENDED("lock-contended", Role.keys((driver, data, slot) -> {
        String lock = data.contendedLock(slot);
        return () -> driver.lockUnlockContended(lock, slot);
    })),
    LOCK_MULTI("lock-multi", Role.keys((driver, data, slot) -> {
        SplittableRandom random = new SplittableRandom(slot);
        return () -> driver.lockUnlockAll(data.lockSet(random), slot);
    })),
    GET_OR_BUILD("get-or-build", Role.keys((driver, data, slot) -> {
        SplittableRandom random = new SplittableRandom(slot);
        return () -> driver.getOrBuild("build-" + slot + "-" + System.nanoTime(), data.value(random), slot);
    })),
    DOC_SET("doc-set", Role.documents((driver, data, slot) -> {
        SplittableRandom random = new SplittableRandom(slot);
        return () -> driver.setInDocument(data.document(random), random.nextInt());
    })),
    DOC_PUSH("doc-push", Role.documents((driver, data, slot) -> {
        SplittableRandom random = new SplittableRandom(slot);
        return () -> driver.pushInDocument(data.document(random), random.nextInt());
    })),
    DOC_TRANSACTION("doc-tx", Role.documents((driver, data, slot) -> {
        SplittableRandom random = new SplittableRandom(slot);
        return () -> {
            String from = data.document(random);
            return driver.moveBetweenDocuments(from, data.otherDocument(random, from));
        };
    })),
    PUBLISH("publish", Role.messages(PublishDriver.class, List.of(1, 64), Messaging::publish)),
    CONSUME("consume", Role.messages(GroupDriver.class, List.of(64), GroupLoad::start)),
    FAN_OUT_1("fanout-1", Role.fanOut(1)),
    FAN_OUT_100("fanout-100", Role.fanOut(100)),
    FAN_OUT_1000("fanout-1000", Role.fanOut(1_000)),
    RPC("rpc", Role.messages(CallDriver.class, List.of(1, 64), Messaging::calls)),
    RPC_EPHEMERAL("rpc-ephemeral", Role.messages(CallDriver.class, List.of(1, 64), Messaging::ephemeralCalls)),
    JOB("job", Role.messages(JobDriver.class, List.of(1, 64), Messaging::jobs));

    private final String label;
    /** Functions without state, and constants. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Role<?> role;

    Workload(String label, Role<?> role) {
        this.label = label;
        this.role = role;
    }

    /** Starts it on a system that it {@link #isPossibleWith}. */
    Load start(Driver driver, Dataset data, int inFlight, Samples samples) throws Exception {
        return role.start(driver, data, inFlight, samples);
    }

    /** The name on the command line and in the results. */
    public String label() {
        return label;
    }

    /** How many requests are in flight if nobody says otherwise. */
    public List<Integer> usualInFlight() {
        return role.usualInFlight();
    }

    /** The shortest value that it can work with. */
    public int shortestValue() {
        return role.shortestValue();
    }

    /** Whether drivers of this class can do it. */
    boolean isPossibleWith(Class<? extends Driver> driver) {
        return role.driver().isAssignableFrom(driver);
    }

    /** Whether it needs what drivers of this class do. */
    boolean needs(Class<? extends Driver> driver) {
        return role.driver().equals(driver);
    }

    /**
     * The workload with this label.
     *
     * @throws IllegalArgumentException if there is no such workload
     */
    public static Workload named(String label) {
        return Arrays.stream(values())
                .filter(workload -> workload.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown workload '" + label + "'; known: "
                        + Arrays.stream(values()).map(Workload::label).collect(Collectors.joining(", "))));
    }
}
