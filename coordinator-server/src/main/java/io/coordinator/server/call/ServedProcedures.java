package io.coordinator.server.call;

import io.coordinator.protocol.CallFailed;
import io.coordinator.protocol.EphemeralOutcome;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ProcedureServed;
import io.coordinator.protocol.ServeProcedure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The procedures that somebody serves or calls here. That nobody serves one is told only when the state says so under
 * proof of leadership: workers that are registered may be on their way to a new leader. Used by the exchange's thread
 * only.
 */
final class ServedProcedures {
    /** How soon the state is asked again for workers that are registered and not here. */
    static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** For so long a call waits for workers that are registered and not here. */
    static final long MISSING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int CONCURRENCY_MAX = 10_000;

    private final CallSettings settings;
    private final CallTimes times;
    private final CallRegistrations registrations;
    private final Executor thread;
    private final Unserved unserved;
    private final Map<Key, ProcedureLine> lines = new HashMap<>();
    private int served;
    private long lastNumber;

    /** Hears of calls that nobody serves; on the exchange's thread. */
    interface Unserved {
        /** Somebody is registered who is not here. */
        void lookAgain(PendingCall call);

        void giveUp(PendingCall call, EphemeralOutcome why);
    }

    private record Key(String namespace, String name) {}

    ServedProcedures(
            CallSettings settings,
            CallTimes times,
            CallRegistrations registrations,
            Executor thread,
            Unserved unserved) {
        this.settings = settings;
        this.times = times;
        this.registrations = registrations;
        this.thread = thread;
        this.unserved = unserved;
    }

    ProcedureLine line(String namespace, String name) {
        return lines.computeIfAbsent(new Key(namespace, name), key -> new ProcedureLine(namespace, name));
    }

    void forgetIfUnused(ProcedureLine line) {
        if (line.isUnused()) {
            lines.remove(new Key(line.namespace(), line.name()), line);
        }
    }

    /** For all whose workers had no room in their streams. */
    void giveAgain(Consumer<ProcedureLine> give) {
        List<ProcedureLine> waiting = new ArrayList<>();
        for (ProcedureLine line : lines.values()) {
            if (line.waiting() > 0 && line.isServed()) {
                waiting.add(line);
            }
        }
        waiting.forEach(give);
    }

    // ---- workers ----

    ProcedureServed serve(CallStream stream, ServeProcedure wanted) {
        Optional<Error> refusal = refusal(stream, wanted);
        if (refusal.isPresent()) {
            return CallStream.refused(wanted, refusal.get());
        }
        ProcedureLine line = line(wanted.getNamespace(), wanted.getName());
        WorkerOffer offer = new WorkerOffer(stream, wanted.getId(), line, wanted.getConcurrency(), ++lastNumber);
        stream.served().put(wanted.getId(), offer);
        served++;
        line.add(offer, wanted.getBacklogMax());
        return ProcedureServed.newBuilder().setId(wanted.getId()).build();
    }

    private Optional<Error> refusal(CallStream stream, ServeProcedure wanted) {
        int concurrency = wanted.getConcurrency();
        if (concurrency < 1 || concurrency > CONCURRENCY_MAX || wanted.getBacklogMax() < 0) {
            return Optional.of(CallAnswers.error(
                    ErrorCode.EINVAL,
                    "concurrency must be from 1 to " + CONCURRENCY_MAX + ", and backlog_max at least 0"));
        } else if (stream.served().containsKey(wanted.getId())) {
            return Optional.of(
                    CallAnswers.error(ErrorCode.EINVAL, "the id " + wanted.getId() + " is in use; choose another one"));
        } else if (stream.served().size() >= settings.servedPerStream() || served >= settings.servedMax()) {
            return Optional.of(CallAnswers.busy("as many procedures are served as may be, by this session or on this"
                    + " node; the worker gets no ephemeral calls"));
        }
        return Optional.empty();
    }

    void stop(CallStream stream, long id) {
        WorkerOffer offer = stream.served().remove(id);
        if (offer != null) {
            served--;
            offer.line().remove(offer);
            forgetIfUnused(offer.line());
        }
    }

    // ---- who is registered ----

    /** Finds out what becomes of calls that nobody serves, unless that is being found out. */
    void ask(ProcedureLine line) {
        if (line.isAsking()) {
            return;
        }
        line.asking(true);
        long lastAsked = line.lastNumber();
        registrations.ask(line.namespace(), line.name(), new CallRegistrations.Asker() {
            @Override
            public void found(int workers) {
                thread.execute(() -> answered(line, lastAsked, workers));
            }

            @Override
            public void refused() {
                thread.execute(() -> line.asking(false)); // All streams end.
            }
        });
    }

    private void answered(ProcedureLine line, long lastAsked, int workers) {
        line.asking(false);
        boolean more = false;
        for (PendingCall call : line.all()) {
            if (call.isAccepted() || !times.isPast(call.workerUntil())) {
                continue;
            }
            if (call.number() > lastAsked) {
                more = true;
            } else if (workers == 0) {
                unserved.giveUp(call, nobody(call));
            } else if (times.isPast(call.workerUntil() + MISSING_NANOS)) {
                unserved.giveUp(call, notHere(call));
            } else {
                unserved.lookAgain(call);
            }
        }
        forgetIfUnused(line);
        if (more) {
            ask(line);
        }
    }

    private static EphemeralOutcome nobody(PendingCall call) {
        return call.waitsForWorker()
                ? CallAnswers.failed(call, CallFailed.Reason.NO_WORKER)
                : EphemeralOutcome.newBuilder()
                        .setId(call.id())
                        .setRefused(CallAnswers.noHandler(call.line()))
                        .build();
    }

    private static EphemeralOutcome notHere(PendingCall call) {
        return EphemeralOutcome.newBuilder()
                .setId(call.id())
                .setRefused(CallAnswers.noConnection(call.line()))
                .build();
    }
}
