/** Sets of labels that expressions group and join by: those that identify a deployment, or a part of one. */

export const perDeployment = ['environment', 'deployment_id'] as const;
export const perService = [...perDeployment, 'service'] as const;
export const perStage = [...perDeployment, 'service', 'stage'] as const;
/** One smoke test. */
export const perTest = [...perDeployment, 'test_name'] as const;
/** One run of migrations. */
export const perMigration = [...perDeployment, 'migration_name'] as const;
/** One question to the gate. */
export const perGate = [...perDeployment, 'gate'] as const;

export type PerDeployment = (typeof perDeployment)[number];
export type PerService = (typeof perService)[number];
export type PerStage = (typeof perStage)[number];
export type PerGate = (typeof perGate)[number];
