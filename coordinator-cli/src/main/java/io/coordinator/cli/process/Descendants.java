package io.coordinator.cli.process;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What can be known of a command without a session of its own: the descendants that were seen, for which is looked now
 * and then, because one whose parent dies is nobody's descendant any more. One that is older than {@link #LOOK_MILLIS}
 * when that happens is known; a daemon that detaches itself at once is not.
 */
final class Descendants implements Family {
    private static final long LOOK_MILLIS = 250;

    private final Set<ProcessHandle> known = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "descendants");
        thread.setDaemon(true);
        return thread;
    });

    Descendants(ProcessHandle command) {
        known.add(command);
        var unused = looking.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        List<ProcessHandle> found =
                known.stream().flatMap(ProcessHandle::descendants).toList();
        known.addAll(found);
        known.removeIf(process -> !process.isAlive());
    }

    @Override
    public List<ProcessHandle> living() {
        look();
        return known.stream().filter(ProcessHandle::isAlive).toList();
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
