package io.coordinator.cli.demo;

import java.io.IOException;

/** The demo: one cluster of real processes, and two acts that are played on it. */
final class Demo {
    static final int NODES = 3;

    private final DemoDirectory directory;
    private final ChildJvm jvm;
    private final Narrator narrator;

    Demo(DemoDirectory directory, Children children, Narrator narrator) {
        this.directory = directory;
        this.jvm = new ChildJvm(children, directory);
        this.narrator = narrator;
    }

    /**
     * Tells the story, and returns what was counted. The second act is left out if the first one went wrong.
     *
     * @throws DemoFailure if it does not come to its end
     */
    DemoOutcome run() throws IOException, InterruptedException, DemoFailure {
        narrator.tell("starting " + NODES + " nodes and " + BuildAct.WORKERS + " workers in " + directory.path());
        DemoNodes nodes = DemoNodes.start(NODES, jvm, directory);
        DemoResult build = new BuildAct(directory, jvm, narrator).play(nodes);
        if (!build.succeeded()) {
            return DemoOutcome.ofFirstAct(build);
        }
        narrator.tell(build.sentence());
        return new DemoOutcome(build, new JobsAct(directory, jvm, narrator).play(nodes));
    }
}
