package io.coordinator.server.raft;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.DataBlockingQueue;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Ratis 3.3.0 can do with one group, but offers to nobody. If a later version has no such methods and fields, the
 * node does not start, and says so, rather than find no leader one day.
 */
final class RatisInnards {
    private static final Logger LOG = LoggerFactory.getLogger(RatisInnards.class);
    private static final String WHY = "it has a vote";

    private final RaftServer.Division division;
    private final Method startAsPeer;
    private final Method setRole;
    private final Method changeToFollower;
    private final Field oldGroup;
    private final Constructor<?> makeGroup;

    /**
     * @param division the group; not started yet
     * @throws IllegalStateException if this version of Ratis is built differently
     */
    RatisInnards(RaftServer.Division division) {
        this.division = division;
        try {
            startAsPeer = method("startAsPeer", RaftPeerRole.class);
            setRole = method("setRole", RaftPeerRole.class, Object.class);
            changeToFollower = method(
                    "changeToFollower", long.class, boolean.class, boolean.class, Object.class, AtomicBoolean.class);
            oldGroup = division.getRaftConf().getClass().getDeclaredField("oldConf");
            oldGroup.setAccessible(true);
            makeGroup = oldGroup.getType().getDeclaredConstructor(Iterable.class, Iterable.class);
            makeGroup.setAccessible(true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "this version of Ratis keeps roles and groups in another way than 3.3.0, so a change of members"
                            + " could end without a leader; RatisInnards must be adapted",
                    e);
        }
    }

    private Method method(String name, Class<?>... parameters) throws NoSuchMethodException {
        Method method = division.getClass().getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return method;
    }

    /**
     * Becomes what this member is by the newest group in its log. A vote counts at once; without one it waits until the
     * group is committed.
     */
    void takeRole() {
        // Ratis guards its roles by the same lock.
        synchronized (division) {
            boolean waits = division.getInfo().getLifeCycleState() == LifeCycle.State.STARTING;
            if (votes() && (waits || division.getInfo().isListener())) {
                LOG.info("this member votes, as the newest group in its log says");
                if (waits) {
                    call(startAsPeer, RaftPeerRole.FOLLOWER);
                } else {
                    follow();
                }
            } else if (!votes() && listens() && (waits || division.getInfo().isFollower())) {
                LOG.info("this member listens, as the group in its log says");
                if (waits) {
                    call(startAsPeer, RaftPeerRole.LISTENER);
                } else {
                    call(setRole, RaftPeerRole.LISTENER, "it has no vote");
                }
            }
        }
    }

    private boolean listens() {
        RaftConfiguration group = division.getRaftConf();
        return group.getPreviousPeers(RaftPeerRole.FOLLOWER).isEmpty()
                && group.getPeer(division.getId(), RaftPeerRole.LISTENER) != null
                && division.getRaftLog().getLastCommittedIndex() >= group.getLogEntryIndex();
    }

    /**
     * Has a listener answer a candidate as a voter would, if that has the newer log: then the candidate knows better
     * who votes. It is a listener again after that, until it hears of its vote itself.
     *
     * @param newest the candidate's last entry
     * @param answer has Ratis answer, on this thread
     */
    void lendVote(TermIndex newest, Runnable answer) {
        boolean lends;
        synchronized (division) {
            lends = division.getInfo().isListener() && isOlderThan(newest);
            if (lends) {
                // It still knows how long ago it heard of a leader, and refuses if that leads.
                call(setRole, RaftPeerRole.FOLLOWER, WHY);
            }
        }
        try {
            answer.run();
        } finally {
            if (lends) {
                listenAgain();
            }
        }
    }

    private void listenAgain() {
        synchronized (division) {
            if (division.getInfo().isCandidate()) {
                follow();
            }
            if (division.getInfo().isFollower() && !votes()) {
                call(setRole, RaftPeerRole.LISTENER, "it has lent its vote");
            }
        }
    }

    private boolean votes() {
        return division.getRaftConf().getPeer(division.getId(), RaftPeerRole.FOLLOWER) != null;
    }

    private boolean isOlderThan(TermIndex newest) {
        TermIndex last = division.getRaftLog().getLastEntryTermIndex();
        TermIndex own = last != null ? last : division.getStateMachine().getLastAppliedTermIndex();
        return own == null || own.compareTo(newest) < 0;
    }

    /** A listener that only changed its role would go by the timeout that it had as one, and stand at once. */
    private void follow() {
        call(setRole, RaftPeerRole.FOLLOWER, WHY);
        call(changeToFollower, division.getInfo().getCurrentTerm(), true, true, WHY, new AtomicBoolean());
    }

    private void call(Method method, Object... arguments) {
        try {
            method.invoke(division, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Ratis did not let this member change its role", e);
        }
    }

    /**
     * A leader speaks to everybody in the old and the new group, and would meet whoever is a listener in the old one
     * and a voter in the new one twice. So the old one forgets that it was there; its voters are what counts.
     */
    void nameListenersOnce() {
        synchronized (division) {
            RaftConfiguration group = division.getRaftConf();
            List<RaftPeer> promoted = group.getPreviousPeers(RaftPeerRole.LISTENER).stream()
                    .filter(listener -> votes(group, listener))
                    .toList();
            if (!promoted.isEmpty()) {
                LOG.info("{} becomes a voter, whoever leads next", promoted);
                forget(group, promoted);
            }
        }
    }

    private static boolean votes(RaftConfiguration group, RaftPeer listener) {
        return group.getCurrentPeers(RaftPeerRole.FOLLOWER).stream()
                .anyMatch(voter -> voter.getId().equals(listener.getId()));
    }

    private void forget(RaftConfiguration group, Collection<RaftPeer> promoted) {
        List<RaftPeer> left = group.getPreviousPeers(RaftPeerRole.LISTENER).stream()
                .filter(listener -> !promoted.contains(listener))
                .toList();
        try {
            oldGroup.set(group, makeGroup.newInstance(group.getPreviousPeers(RaftPeerRole.FOLLOWER), left));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Ratis did not let " + promoted + " out of the old group", e);
        }
    }

    /**
     * Has the thread that writes the log end, if it is to: it would notice only when the second is over for which it
     * waits for something to write. One that writes is left alone, and so is one that may be another node's.
     */
    void wakeWriter() {
        try {
            Object writer = read(division.getRaftLog(), "fileLogWorker");
            if (read(writer, "running").equals(false)
                    && !((ExecutorService) read(writer, "workerThreadExecutor")).isTerminated()) {
                List<Thread> named = Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals(writer.toString()))
                        .toList();
                if (named.size() == 1 && isIdle(named.get(0))) {
                    named.get(0).interrupt();
                }
            }
        } catch (IllegalStateException e) {
            // So Ratis says. Why the node does not start was told already, and must not be covered by this.
            LOG.debug("the log was never opened, and nobody writes it", e);
        } catch (ReflectiveOperationException e) {
            LOG.debug("the writer of the log ends when it notices", e);
        }
    }

    private static Object read(Object owner, String field) throws ReflectiveOperationException {
        Field declared = owner.getClass().getDeclaredField(field);
        declared.setAccessible(true);
        return Objects.requireNonNull(declared.get(owner), field);
    }

    private static boolean isIdle(Thread writer) {
        return Stream.of(writer.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(DataBlockingQueue.class.getName())
                        && frame.getMethodName().equals("poll"));
    }
}
