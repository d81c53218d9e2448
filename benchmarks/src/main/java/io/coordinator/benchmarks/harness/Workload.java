package io.coordinator.benchmarks.harness;

import java.util.Arrays;
import java.util.SplittableRandom;

/** What is measured. */
public enum Workload {
    PUT("put") {
        @Override
        SlotAction operation(Driver driver, Dataset data, int slot) {
            SplittableRandom random = new SplittableRandom(slot);
            return () -> driver.put(data.key(random), data.value(random));
        }
    },
    GET("get") {
        @Override
        SlotAction operation(Driver driver, Dataset data, int slot) {
            SplittableRandom random = new SplittableRandom(slot);
            return () -> driver.get(data.key(random));
        }
    },
    GET_SYNC("get-sync") {
        @Override
        SlotAction operation(Driver driver, Dataset data, int slot) {
            SplittableRandom random = new SplittableRandom(slot);
            return () -> driver.getSync(data.key(random));
        }
    },
    LOCK("lock") {
        @Override
        SlotAction operation(Driver driver, Dataset data, int slot) {
            String lock = data.lock(slot);
            return () -> driver.lockUnlock(lock);
        }
    },
    LOCK_CONTENDED("lock-contended") {
        @Override
        SlotAction operation(Driver driver, Dataset data, int slot) {
            String lock = data.contendedLock(slot);
            return () -> driver.lockUnlockContended(lock, slot);
        }
    },
    LOCK_MULTI("lock-multi") {
        @Override
        SlotAction operation(Driver driver, Dataset data, int slot) {
            SplittableRandom random = new SplittableRandom(slot);
            return () -> driver.lockUnlockAll(data.lockSet(random), slot);
        }
    },
    GET_OR_BUILD("get-or-build") {
        @Override
        SlotAction operation(Driver driver, Dataset data, int slot) {
            SplittableRandom random = new SplittableRandom(slot);
            return () -> driver.getOrBuild("build-" + slot + "-" + System.nanoTime(), data.value(random), slot);
        }
    },
    DOC_SET("doc-set") {
        @Override
        SlotAction operation(Driver driver, Dataset data, int slot) {
            SplittableRandom random = new SplittableRandom(slot);
            return () -> driver.setInDocument(data.document(random), random.nextInt());
        }
    },
    DOC_PUSH("doc-push") {
        @Override
        SlotAction operation(Driver driver, Dataset data, int slot) {
            SplittableRandom random = new SplittableRandom(slot);
            return () -> driver.pushInDocument(data.document(random), random.nextInt());
        }
    },
    DOC_TRANSACTION("doc-tx") {
        @Override
        SlotAction operation(Driver driver, Dataset data, int slot) {
            SplittableRandom random = new SplittableRandom(slot);
            return () -> {
                String from = data.document(random);
                return driver.moveBetweenDocuments(from, data.otherDocument(random, from));
            };
        }
    };

    private final String label;

    Workload(String label) {
        this.label = label;
    }

    /** What the slot numbered {@code slot} repeats. */
    abstract SlotAction operation(Driver driver, Dataset data, int slot);

    /** The name on the command line and in the results. */
    public String label() {
        return label;
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
                        + String.join(
                                ", ",
                                Arrays.stream(values()).map(Workload::label).toList())));
    }

    /** Whether it works on documents. */
    boolean needsDocuments() {
        return label.startsWith("doc-");
    }
}
