package io.coordinator.client.fake;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.BuildFailure;
import io.coordinator.protocol.BuildQuery;
import io.coordinator.protocol.BuildStatus;
import io.coordinator.protocol.CancelReserve;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.DeleteBuild;
import io.coordinator.protocol.FailBuild;
import io.coordinator.protocol.ForceReleaseLock;
import io.coordinator.protocol.GetBuild;
import io.coordinator.protocol.ListLocks;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockQuery;
import io.coordinator.protocol.LockSummary;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ReleaseLock;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ReserveBuild;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The replicated state behind fake nodes, and a session of somebody who is no client: it needs no connection. */
public final class FakeCluster extends CoreCluster {
    private static final String NAMESPACE = "default";

    private final long other = open(ByteString.copyFromUtf8("somebody else's secret"), 10_000, "somebody else");
    private final Map<String, Reply> builds = new ConcurrentHashMap<>();

    // ---- locks ----

    /** Takes a lock for somebody else; answers the token. */
    public long takeLock(String name) {
        Reply reply = lock(NAMESPACE, name, LockCommand.newBuilder().setAcquire(AcquireLock.getDefaultInstance()));
        return expect(reply, reply.getLock().hasGranted())
                .getLock()
                .getGranted()
                .getToken();
    }

    /** Gives back what somebody else has taken. */
    public void releaseLock(String name) {
        long token = held(name).getHolds(0).getToken();
        ReleaseLock release = ReleaseLock.newBuilder().setToken(token).build();
        Reply reply = lock(NAMESPACE, name, LockCommand.newBuilder().setRelease(release));
        expect(reply, reply.getLock().getReleased().getWasHeld());
    }

    /** Ends whatever grant there is on one lock as an operator does, and tells its holder. */
    public void loseLock(String name) {
        ForceReleaseLock force =
                ForceReleaseLock.newBuilder().setOperator("a test").build();
        Reply reply =
                lock(held(name).getNamespace(), name, LockCommand.newBuilder().setForceRelease(force));
        expect(reply, reply.getLock().getForced().getTokensCount() > 0);
    }

    /** Whether somebody holds the lock, in whatever namespace. */
    public boolean isLocked(String name) {
        return locks(name).anyMatch(lock -> lock.getHoldsCount() > 0);
    }

    /** How many wait for the lock, in whatever namespace. */
    public int waiters(String name) {
        return locks(name).mapToInt(LockSummary::getWaiters).sum();
    }

    private LockSummary held(String name) {
        return locks(name)
                .filter(lock -> lock.getHoldsCount() > 0)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody holds " + name));
    }

    private Stream<LockSummary> locks(String name) {
        ListLocks list = ListLocks.newBuilder().setPrefix(name).build();
        Query query =
                Query.newBuilder().setLock(LockQuery.newBuilder().setList(list)).build();
        return ask(query).getLock().getList().getLocksList().stream()
                .filter(lock -> lock.getName().equals(name));
    }

    private Reply lock(String namespace, String name, LockCommand.Builder command) {
        return run(Command.newBuilder().setLock(command.setNamespace(namespace).addNames(name)));
    }

    // ---- builds ----

    /** Reserves a build for somebody else. */
    public void takeBuild(String key) {
        long anHour = Duration.ofHours(1).toMillis();
        Reply reply = build(
                key,
                BuildCommand.newBuilder().setReserve(ReserveBuild.newBuilder().setBuildMillis(anHour)));
        builds.put(key, expect(reply, reply.getBuild().hasBuild()));
    }

    /** Somebody else's build has come to this. */
    public void completeBuild(String key, String json) {
        CompleteBuild.Builder complete =
                CompleteBuild.newBuilder().setToken(token(taken(key))).setValue(ByteString.copyFromUtf8(json));
        Reply reply = build(key, BuildCommand.newBuilder().setComplete(complete));
        expect(reply, reply.getBuild().hasCompleted());
    }

    /** Somebody else's build has failed. */
    public void failBuild(String key, BuildFailure failure) {
        FailBuild.Builder fail =
                FailBuild.newBuilder().setToken(token(taken(key))).setFailure(failure);
        Reply reply = build(key, BuildCommand.newBuilder().setFail(fail));
        expect(reply, reply.getBuild().hasFailed());
    }

    /** Somebody else leaves a build to the next in line. */
    public void leaveBuild(String key) {
        CancelReserve.Builder cancel =
                CancelReserve.newBuilder().setRequestSeq(taken(key).getSeq());
        Reply reply = build(key, BuildCommand.newBuilder().setCancel(cancel));
        expect(reply, reply.getBuild().hasCancelled());
    }

    /** Somebody else takes a build away from whoever is at it. */
    public void deleteBuild(String key) {
        Reply reply = build(key, BuildCommand.newBuilder().setDelete(DeleteBuild.getDefaultInstance()));
        expect(reply, reply.getBuild().getDeleted().getExisted());
    }

    /** How many wait for the build. */
    public int buildWaiters(String key) {
        BuildQuery query = BuildQuery.newBuilder()
                .setNamespace(NAMESPACE)
                .setKey(key)
                .setGet(GetBuild.getDefaultInstance())
                .build();
        BuildStatus status =
                ask(Query.newBuilder().setBuild(query).build()).getBuild().getStatus();
        return (int) status.getWaiters();
    }

    private Reply taken(String key) {
        return Objects.requireNonNull(builds.remove(key), () -> "nobody else builds " + key);
    }

    private static long token(Reply reservation) {
        return reservation.getBuild().getBuild().getToken();
    }

    private Reply build(String key, BuildCommand.Builder command) {
        return run(Command.newBuilder().setBuild(command.setNamespace(NAMESPACE).setKey(key)));
    }

    private Reply run(Command.Builder command) {
        return runInTurn(other, command);
    }

    private static Reply expect(Reply reply, boolean done) {
        if (!done) {
            throw new AssertionError("the test's own command came to " + reply);
        }
        return reply;
    }
}
